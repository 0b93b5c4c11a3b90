// SPDX-License-Identifier: Apache-2.0
// Draws the curves of the page from the data inside it, in the page's own colours. Without it the tables remain.
(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const marks = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot', 'rectRounded', 'cross'];
  let charts = [];

  function draw(id, chart) {
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue('--' + name).trim();
    const axis = title => ({
      type: 'logarithmic', title: { display: true, text: title, color: colour('muted') },
      grid: { color: colour('line') },
      ticks: { color: colour('muted'), maxTicksLimit: 12, callback: value => Number(value.toPrecision(3)).toString() },
    });
    charts.push(new Chart(document.getElementById(id), {
      type: 'line',
      data: {
        datasets: chart.curves.map((curve, i) => ({
          label: curve.label, data: curve.points.map(([x, y]) => ({ x, y })), borderWidth: 2, pointRadius: 4,
          borderColor: colour('curve' + i % 8), backgroundColor: colour('curve' + i % 8), pointStyle: marks[i % 8],
          borderDash: i < 8 ? [] : [6, 4],
        })),
      },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, parsing: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        scales: { x: axis(chart.x), y: axis(chart.y) },
        plugins: { legend: { position: 'bottom', align: 'start',
          labels: { usePointStyle: true, padding: 14, color: colour('text') } } },
      },
    }));
  }

  function drawAll() {
    charts.forEach(chart => chart.destroy());
    charts = [];
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 13;
    Object.entries(data).forEach(([id, chart]) => draw(id, chart));
  }

  document.documentElement.classList.add('drawn');
  drawAll();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
})();
