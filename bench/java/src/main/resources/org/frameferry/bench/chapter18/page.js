// SPDX-License-Identifier: Apache-2.0
// Draws the charts of the page from the data inside it, in the page's own colours. Without it the tables remain.
(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const dashes = [[9, 5], [2, 4], []];
  const marks = ['rect', 'triangle', 'circle'];
  let charts = [];

  // A key shows its curve's dashes, which tell clocks and arrivals apart where colours do not.
  function keys(colour) {
    return chart => chart.data.datasets.map((set, i) => ({
      text: set.label, fontColor: colour, pointStyle: 'line', strokeStyle: set.borderColor, lineWidth: 2.5,
      lineDash: set.borderDash, hidden: !chart.isDatasetVisible(i), datasetIndex: i,
    }));
  }

  function draw(id, x, y, over) {
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue('--' + name).trim();
    const curves = data[id];
    const time = id.startsWith('depth');
    const axis = (title, more) => ({
      type: 'linear', title: { display: true, text: title, color: colour('muted') },
      grid: { color: colour('line') }, ticks: { color: colour('muted') }, ...more,
    });
    charts.push(new Chart(document.getElementById(id), {
      type: 'line',
      data: {
        datasets: curves.map(curve => ({
          label: curve.label, data: curve.points.map(([px, py]) => ({ x: px, y: py })),
          borderColor: colour(curve.colour), backgroundColor: colour(curve.colour), borderWidth: 2,
          borderDash: time ? [] : dashes[curve.dash], pointStyle: time ? false : marks[curve.dash], pointRadius: 3,
          clip: 8,
        })),
      },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, parsing: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        scales: { x: axis(x, time ? { min: 0 } : { min: 0, max: 100 }), y: axis(y, { min: 0, ...over }) },
        plugins: {
          legend: {
            position: 'bottom', align: 'start',
            labels: { usePointStyle: true, pointStyleWidth: 36, padding: 14, generateLabels: keys(colour('text')) },
          },
        },
      },
    }));
  }

  function drawAll() {
    charts.forEach(chart => chart.destroy());
    charts = [];
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 13;
    draw('loss', 'offered load, % of 1 Gb/s', 'frames lost, %', {});
    draw('cpu', 'offered load, % of 1 Gb/s', 'receiving processor busy, %', { max: 100 });
    draw('depthVirtual', 'time, ms', 'frames waiting', {});
    draw('depthReal', 'time, ms', 'frames waiting', {});
  }

  document.documentElement.classList.add('drawn');
  document.querySelectorAll('details').forEach(details => { details.open = false; });
  drawAll();
  dark.addEventListener('change', drawAll);
})();
