package dev.holdfast.cli.view;

import dev.holdfast.cli.view.WriteTimeline.Slice;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Event;
import dev.holdfast.report.DrillReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A chart of acknowledged writes above and latency below over the same time, with the fault and later events marked in both. */
final class TimelineChart {

    private static final int LEFT = 46;
    private static final int RIGHT = 12;
    private static final int TOP = 46;
    private static final int RATES = 170;
    private static final int GAP = 40;
    private static final int LATENCIES = 120;
    private static final int BOTTOM = 26;
    private static final double NANOS = 1e9;
    private static final double MILLI = 1e6;
    private static final Map<String, String> NAMES =
            Map.of("fault", "fault", "reverted", "reverted", "healthy", "redundancy restored");

    private final DrillReport report;
    private final WriteTimeline affected;
    private final WriteTimeline all;
    private final int width;
    private final String kind;
    private final double zero;

    private TimelineChart(DrillReport report, int width, String kind) {
        this.report = report;
        this.affected = WriteTimeline.of(report.evidence(), Evidence.Stream::affected);
        this.all = WriteTimeline.of(report.evidence(), s -> true);
        this.width = width;
        this.kind = kind;
        this.zero = report.evidence().clockFrom().map(Event::at).orElse(all.from());
    }

    static String wide(DrillReport report) {
        return new TimelineChart(report, 1000, "wide").drawn();
    }

    static String narrow(DrillReport report) {
        return new TimelineChart(report, 380, "narrow").drawn();
    }

    private String drawn() {
        int height = TOP + RATES + GAP + LATENCIES + BOTTOM;
        SvgWriter svg = new SvgWriter(width, height, "acknowledged writes per second and latency over time", kind);
        if (all.slices().isEmpty()) {
            return svg.words(LEFT, TOP + 20, "start", "", "no write was made").toString();
        }
        outage(svg, TOP, RATES);
        outage(svg, TOP + RATES + GAP, LATENCIES);
        rates(svg);
        latencies(svg, TOP + RATES + GAP);
        seconds(svg, height - BOTTOM);
        marks(svg, height - BOTTOM);
        return svg.toString();
    }

    private double x(double nanos) {
        return LEFT + (nanos - all.from()) / (all.until() - all.from()) * (width - LEFT - RIGHT);
    }

    private void outage(SvgWriter svg, int top, int tall) {
        report.recovery().ifPresent(r -> svg.box(x(zero), top, x(zero + r) - x(zero), tall, "fill:var(--band)"));
    }

    private void rates(SvgWriter svg) {
        double perSecond = NANOS / all.slice();
        double most = Math.max(
                1,
                all.slices().stream()
                                .mapToInt(s -> s.acknowledged() + s.refused() + s.indeterminate())
                                .max()
                                .orElse(1)
                        * perSecond);
        // a burst of late writes must not flatten everything else
        double usual = usual() * perSecond;
        double top = nice(Math.min(most, Math.max(usual * 1.25, 1)));
        for (int i = 0; i <= 4; i++) {
            double y = TOP + RATES - RATES * i / 4.0;
            svg.line(LEFT, y, width - RIGHT, y, "stroke:var(--grid)");
            svg.words(LEFT - 7, y + 4, "end", "", SvgWriter.number(top * i / 4));
        }
        svg.words(0, 12, "start", "mark", "writes per second");
        area(svg, all, s -> s.acknowledged() * perSecond, top, "fill:var(--other);fill-opacity:.55");
        area(svg, affected, s -> s.acknowledged() * perSecond, top, "fill:var(--ack)");
        bars(svg, top, perSecond);
    }

    private double usual() {
        int[] busy = all.slices().stream()
                .mapToInt(s -> s.acknowledged() + s.refused() + s.indeterminate())
                .filter(n -> n > 0)
                .sorted()
                .toArray();
        return busy.length == 0 ? 0 : busy[busy.length * 3 / 4];
    }

    private void area(SvgWriter svg, WriteTimeline of, ToDoubleFunction<Slice> height, double top, String style) {
        StringBuilder steps = new StringBuilder("M" + SvgWriter.number(x(of.from())) + " " + (TOP + RATES));
        for (int i = 0; i < of.slices().size(); i++) {
            double y =
                    TOP + RATES - Math.min(1, height.applyAsDouble(of.slices().get(i)) / top) * RATES;
            steps.append('L')
                    .append(SvgWriter.number(x(of.from() + (double) of.slice() * i)))
                    .append(' ')
                    .append(SvgWriter.number(y));
            steps.append('H').append(SvgWriter.number(x(of.from() + (double) of.slice() * (i + 1))));
        }
        svg.path(steps + "V" + (TOP + RATES) + "Z", style);
    }

    /** Draws the writes that were not acknowledged on top of the acknowledged ones. */
    private void bars(SvgWriter svg, double top, double perSecond) {
        double wide = x(all.from() + (double) all.slice()) - x(all.from());
        for (int i = 0; i < all.slices().size(); i++) {
            Slice slice = all.slices().get(i);
            double x = x(all.from() + (double) all.slice() * i);
            double base = height(slice.acknowledged() * perSecond, top, 0);
            double refused = height(slice.refused() * perSecond, top, base);
            double unsure = height(slice.indeterminate() * perSecond, top, base + refused);
            if (refused > 0) {
                svg.box(x, TOP + RATES - base - refused, wide, refused, "fill:var(--bad);fill-opacity:.75");
            }
            if (unsure > 0) {
                svg.box(x, TOP + RATES - base - refused - unsure, wide, Math.max(2, unsure), "fill:var(--unsure)");
            }
        }
    }

    private static double height(double rate, double top, double below) {
        return Math.min(rate / top * RATES, RATES - below);
    }

    private void latencies(SvgWriter svg, int top) {
        svg.words(0, top - 12, "start", "mark", "latency of the affected streams");
        double longest =
                affected.slices().stream().mapToLong(Slice::longest).max().orElse(1) / MILLI;
        int decades = (int) Math.max(2, Math.ceil(Math.log10(Math.max(1, longest))));
        for (int i = 0; i <= decades; i++) {
            double y = top + LATENCIES - (double) LATENCIES * i / decades;
            svg.line(LEFT, y, width - RIGHT, y, "stroke:var(--grid)");
            svg.words(LEFT - 7, y + 4, "end", "", decade(i));
        }
        for (int i = 0; i < affected.slices().size(); i++) {
            Slice slice = affected.slices().get(i);
            if (slice.longest() > 0) {
                double x = x(affected.from() + affected.slice() * (i + .5));
                double low = y(slice.median(), top, decades);
                double high = y(slice.longest(), top, decades);
                svg.line(x, high, x, low, "stroke:var(--ack);stroke-opacity:.35;stroke-width:1.5");
                svg.box(x - 1.5, low - 1.5, 3, 3, "fill:var(--ack)");
            }
        }
    }

    private static String decade(int power) {
        return power < 2
                ? SvgWriter.number(Math.pow(10, power)) + " ms"
                : SvgWriter.number(Math.pow(10, power - 3)) + " s";
    }

    private static double y(long nanos, int top, int decades) {
        double place = Math.max(0, Math.log10(Math.max(1, nanos / MILLI))) / decades;
        return top + LATENCIES - Math.min(1, place) * LATENCIES;
    }

    private void seconds(SvgWriter svg, int bottom) {
        double whole = (all.until() - all.from()) / NANOS;
        double step = nice(whole / (width > 600 ? 10 : 4));
        for (double s = Math.ceil((all.from() - zero) / NANOS / step) * step;
                zero + s * NANOS <= all.until();
                s += step) {
            String at = s == 0 ? "0 s" : (s > 0 ? "+" : "−") + SvgWriter.number(Math.abs(s)) + " s";
            svg.words(x(zero + s * NANOS), bottom + 18, "middle", "", at);
        }
    }

    private void marks(SvgWriter svg, int bottom) {
        List<Event> marks = new ArrayList<>();
        report.evidence().marks().stream()
                .filter(m -> NAMES.containsKey(m.name()))
                .forEach(marks::add);
        report.recovery().ifPresent(r -> marks.add(new Event("served again", (long) zero + r, "", Map.of())));
        marks.sort((a, b) -> Long.compare(a.at(), b.at()));
        double free = 0;
        for (Event mark : marks) {
            double x = x(mark.at());
            if (x < LEFT || x > width - RIGHT) {
                continue;
            }
            svg.line(x, TOP - 6, x, bottom, "stroke:var(--mark);stroke-opacity:.55;stroke-dasharray:3 3");
            String name = NAMES.getOrDefault(mark.name(), mark.name());
            double wide = name.length() * 7.0 + 8;
            double at = Math.min(Math.max(x - 3, free), width - wide);
            if (at >= free && at - x < 60) {
                svg.words(at, TOP - 10, "start", "mark", name);
                free = at + wide;
            }
        }
    }

    /** Returns the next value of 1, 2, 5 times a power of ten. */
    private static double nice(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-3))));
        for (double step : new double[] {1, 2, 4, 5, 10}) {
            if (value <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }
}
