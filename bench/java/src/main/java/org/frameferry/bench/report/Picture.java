// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.report;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.frameferry.bench.Html;
import org.frameferry.bench.results.Measurement;

/**
 * A chart as a picture of its own, SVG, for documents that run no scripts: logarithmic axes, a name at the end of each
 * curve. In the colours that the reader's system asks for. One picture, one thread.
 */
final class Picture {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final int LEFT = 60;
    private static final int RIGHT = 130;
    private static final int TOP = 20;
    private static final int BOTTOM = 50;
    private static final double LINE = 15;
    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, sans-serif; fill: #1b1f24 } .muted { fill: #515a64 }
              .grid { stroke: #d3d8de } .curve { fill: none; stroke-width: 2.2 }
              @media (prefers-color-scheme: dark) {
                text { fill: #e7eaee } .muted { fill: #a9b2bc } .grid { stroke: #39414a }
              }
            </style>
            """;
    private static final String[] COLOURS = {"#3b8fd6", "#d9772f", "#43a047", "#ab47bc", "#26a69a", "#ec407a", "#8d6e63",
        "#78909c"};

    private final Chart chart;
    private final double lowX;
    private final double highX;
    private final double lowY;
    private final double highY;

    private Picture(Chart chart) {
        this.chart = chart;
        lowX = chart.curves().values().stream().mapToDouble(TreeMap::firstKey).min().orElse(1);
        highX = Math.max(2 * lowX, chart.curves().values().stream().mapToDouble(TreeMap::lastKey).max().orElse(2));
        lowY = decade(chart.curves().values().stream().flatMap(c -> c.values().stream())
                .mapToDouble(Measurement::median).min().orElse(1));
        highY = 10 * decade(chart.curves().values().stream().flatMap(c -> c.values().stream())
                .mapToDouble(Measurement::median).max().orElse(1));
    }

    private static double decade(double x) {
        return Math.pow(10, Math.floor(Math.log10(x)));
    }

    /** {@return the picture, of a chart that is not empty} */
    static String svg(Chart chart, String title) {
        Picture picture = new Picture(chart);
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                %s%s%s</svg>
                """, WIDTH, HEIGHT, Html.escape(title), STYLE, picture.axes(), picture.curves());
    }

    private double x(double value) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.log(value / lowX) / Math.log(highX / lowX);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.log(value / lowY) / Math.log(highY / lowY);
    }

    private String axes() {
        StringBuilder text = new StringBuilder();
        for (double decade = lowY; decade <= highY * 1.001; decade *= 10) {
            text.append(line(LEFT, y(decade), WIDTH - RIGHT, y(decade)))
                    .append(label(LEFT - 8, y(decade) + 4, "end", "muted", plain(decade)));
        }
        for (double at = lowX; at <= highX; at *= 2) {
            text.append(line(x(at), TOP, x(at), HEIGHT - BOTTOM))
                    .append(label(x(at), HEIGHT - BOTTOM + 18, "middle", "muted", plain(at)));
        }
        return text + label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", "", chart.x())
                + label(8, 14, "start", "", chart.y());
    }

    private static String line(double x1, double y1, double x2, double y2) {
        return String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n", x1, y1,
                x2, y2);
    }

    private static String label(double x, double y, String anchor, String cssClass, String text) {
        return String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>%n", x, y,
                anchor, cssClass, Html.escape(text));
    }

    private static String plain(double value) {
        return value >= 1 ? Long.toString(Math.round(value)) : Double.toString(value).replaceAll("(0\\.0*[1-9]).*", "$1");
    }

    private String curves() {
        Map<String, Double> places = places();
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (Map.Entry<String, TreeMap<Double, Measurement>> curve : chart.curves().entrySet()) {
            String colour = COLOURS[number++ % COLOURS.length];
            String points = curve.getValue().entrySet().stream().map(p -> String.format(Locale.ROOT, "%.1f,%.1f",
                    x(p.getKey()), y(p.getValue().median()))).collect(Collectors.joining(" "));
            double end = y(curve.getValue().lastEntry().getValue().median());
            double place = places.get(curve.getKey());
            text.append(String.format(Locale.ROOT, """
                    <polyline class="curve" stroke="%1$s" points="%2$s"/>
                    <line stroke="%1$s" x1="%3$.1f" y1="%4$.1f" x2="%5$.1f" y2="%6$.1f"/>
                    """, colour, points, x(curve.getValue().lastKey()), end, WIDTH - RIGHT + 14.0, place - 4))
                    .append(label(WIDTH - RIGHT + 18, place, "start", "", curve.getKey()));
        }
        return text.toString();
    }

    /** Names beside the ends of their curves, so far apart that each can be read. */
    private Map<String, Double> places() {
        Map<String, Double> places = new TreeMap<>();
        chart.curves().forEach((name, points) -> places.put(name, y(points.lastEntry().getValue().median()) + 4));
        double[] last = {TOP};
        places.entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach(e -> {
            last[0] = Math.max(e.getValue(), last[0] + LINE);
            e.setValue(last[0]);
        });
        double tooLow = Math.max(0, last[0] - (HEIGHT - BOTTOM));
        places.replaceAll((name, place) -> place - tooLow);
        return places;
    }
}
