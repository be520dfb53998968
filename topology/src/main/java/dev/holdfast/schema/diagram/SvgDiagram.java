package dev.holdfast.schema.diagram;

import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import dev.holdfast.schema.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dictionary as a self-contained SVG: entities as cards, references as lines of an underground map. */
public final class SvgDiagram {

    private static final int MARGIN = 28;
    private static final int TITLE = 62;
    private static final int LEGEND = 46;
    private static final int LONGEST_TYPE = 19;
    private static final int LONGEST_NOTE = 38;

    /** Line colours that differ in print and for most colour-blind readers. */
    private static final List<String> LINES = List.of(
            "#94a3b8", "#e07a1f", "#0f9d76", "#7c5cd6", "#d6457a", "#2f7fd1", "#9a7b14", "#c0392b", "#3d8b40",
            "#6b4f9e");

    /** Head colours of the domains. */
    private static final List<String> HEADS = List.of("#1f4e79", "#1d6b52", "#6b3d7d", "#7a4a1e", "#374151");

    private final Dictionary dictionary;
    private final DiagramLayout layout;
    private final EdgeRouting wires;
    private final Map<String, String> colours = new LinkedHashMap<>();
    private final StringBuilder out = new StringBuilder();

    private SvgDiagram(Dictionary dictionary) {
        this.dictionary = dictionary;
        this.layout = new DiagramLayout(dictionary);
        this.wires = new EdgeRouting(layout.columns());
        wires.targets().stream()
                .sorted((a, b) -> Long.compare(count(b), count(a)))
                .forEach(t -> colours.put(t, LINES.get(colours.size() % LINES.size())));
    }

    /** @param title the estate's name */
    public static String of(Dictionary dictionary, String title) {
        return new SvgDiagram(dictionary).draw(title);
    }

    private long count(String target) {
        return wires.all().stream()
                .filter(w -> w.reference().to().equals(target))
                .count();
    }

    private String draw(String title) {
        List<Integer> xs = new ArrayList<>();
        int x = MARGIN + (wires.all().stream().anyMatch(w -> w.from() < 0 || w.to() < 0) ? wires.gutterWidth(-1) : 0);
        for (int column = 0; column < layout.columns().size(); column++) {
            xs.add(x);
            boolean last = column == layout.columns().size() - 1;
            boolean used = wires.all().stream().anyMatch(w -> w.from() >= xs.size() - 1 || w.to() >= xs.size() - 1);
            x += EntityBox.WIDTH + (last && !used ? 0 : wires.gutterWidth(column));
        }
        Map<String, EntityBox> cards = layout.cards(xs, TITLE + wires.corridorHeight());
        int bottom =
                cards.values().stream().mapToInt(c -> c.y() + c.height()).max().orElse(TITLE);
        int width = Math.max(x + MARGIN, 600);
        head(width, bottom + LEGEND + 8, title);
        wires.all().forEach(w -> wire(w, cards));
        cards.values().forEach(this::card);
        wires.all().forEach(w -> ends(w, cards));
        legend(bottom + 34);
        return out.append("</svg>\n").toString();
    }

    private void head(int width, int height, String title) {
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"%s\">",
                width,
                height,
                width,
                height,
                "ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif");
        append("<title>%s: %s</title>", escaped(title), escaped(String.join(", ", dictionary.domains())));
        append("<rect width=\"%d\" height=\"%d\" rx=\"10\" fill=\"#f8fafc\"/>", width, height);
        StringBuilder domains = new StringBuilder();
        dictionary
                .domains()
                .forEach(d -> domains.append(
                        String.format("<tspan dx=\"10\" fill=\"%s\">%s</tspan>", headColour(d), escaped(d))));
        append(
                "<text x=\"%d\" y=\"38\" font-size=\"19\" font-weight=\"600\" fill=\"#0f172a\">%s%s"
                        + "<tspan dx=\"10\" fill=\"#64748b\" font-weight=\"400\">%d entities</tspan></text>",
                MARGIN, escaped(title), domains, dictionary.entities().size());
    }

    private String headColour(String domain) {
        return HEADS.get(dictionary.domains().indexOf(domain) % HEADS.size());
    }

    private void card(EntityBox card) {
        Entity entity = card.entity();
        String head = headColour(entity.domain());
        append("<g>%s", entity.about().isEmpty() ? "" : "<title>" + escaped(entity.about()) + "</title>");
        append(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#ffffff\" stroke=\"#cbd5e1\"/>",
                card.x(), card.y(), EntityBox.WIDTH, card.height());
        append(
                "<path d=\"M%d %d v%d q0 -6 6 -6 h%d q6 0 6 6 v%d z\" fill=\"%s\"/>",
                card.x(),
                card.y() + EntityBox.HEAD,
                -(EntityBox.HEAD - 6),
                EntityBox.WIDTH - 12,
                EntityBox.HEAD - 6,
                head);
        append(
                "<text x=\"%d\" y=\"%d\" font-size=\"13\" font-weight=\"600\" fill=\"#ffffff\">%s</text>",
                card.x() + 10, card.y() + 19, escaped(shortened(entity.name(), 28)));
        entity.fields().forEach(f -> row(card, f));
        notes(card);
        append("</g>");
    }

    private void row(EntityBox card, Field field) {
        int y = card.rowY(field.name()) + 4;
        List<String> marks = KeyMarkers.of(card.entity(), field);
        boolean key = marks.contains("PK");
        String mark = key ? "PK" : marks.isEmpty() ? "" : marks.get(0);
        String colour = card.entity().references().stream()
                .filter(r -> r.fields().get(0).equals(field.name()))
                .map(r -> colours.getOrDefault(r.to(), "#64748b"))
                .findFirst()
                .orElse("#64748b");
        if (!mark.isEmpty()) {
            String fill = key ? "#b45309" : mark.equals("UK") ? "#475569" : dark(colour);
            append(
                    "<text x=\"%d\" y=\"%d\" font-size=\"8.5\" font-weight=\"700\" fill=\"%s\">%s</text>",
                    card.x() + 9, y - 1, fill, mark);
        }
        append(
                "<text x=\"%d\" y=\"%d\" font-size=\"12\" fill=\"#0f172a\"%s>%s</text>",
                card.x() + 28, y, key ? " font-weight=\"600\"" : "", escaped(shortened(field.name(), 22)));
        append(
                "<text x=\"%d\" y=\"%d\" font-size=\"10.5\" text-anchor=\"end\" fill=\"#64748b\">%s<title>%s</title></text>",
                card.x() + EntityBox.WIDTH - 9,
                y,
                escaped(shortened(
                                type(field),
                                Math.max(8, LONGEST_TYPE + 11 - field.name().length())))
                        + (field.optional() ? " ?" : ""),
                escaped(field.type().written()));
    }

    private static String type(Field field) {
        FieldType type = field.type();
        String bounds = field.from().isPresent() && field.to().isPresent()
                ? " " + field.from().get().toPlainString() + ".."
                        + field.to().get().toPlainString()
                : "";
        return switch (type.kind()) {
            case ENUM -> String.join(" | ", type.values());
            case LIST -> type.item().orElseThrow().written() + " []";
            default -> type.written() + bounds;
        };
    }

    private void notes(EntityBox card) {
        int y = card.notesY();
        List<String> notes = EntityBox.notes(card.entity());
        if (!notes.isEmpty()) {
            append("<path d=\"M%d %d h%d\" stroke=\"#e2e8f0\"/>", card.x() + 8, y, EntityBox.WIDTH - 16);
        }
        for (String note : notes) {
            y += EntityBox.FOOT;
            append(
                    "<text x=\"%d\" y=\"%d\" font-size=\"10\" font-style=\"italic\" fill=\"#64748b\">%s</text>",
                    card.x() + 10, y - 2, escaped(shortened(note, LONGEST_NOTE)));
        }
    }

    private void wire(EdgeRouting.Wire wire, Map<String, EntityBox> cards) {
        EntityBox source = cards.get(wire.source().name());
        EntityBox target = cards.get(wire.reference().to());
        int startX = source.x() + (wire.leavesLeft() ? 0 : EntityBox.WIDTH);
        int startY = source.rowY(wire.reference().fields().get(0));
        int endX = target.x() + (wire.arrivesLeft() ? 0 : EntityBox.WIDTH);
        int endY = target.rowY(wire.reference().of().get(0));
        List<int[]> points = new ArrayList<>();
        points.add(new int[] {startX, startY});
        int leaveX = laneX(wire.from(), wire, cards);
        points.add(new int[] {leaveX, startY});
        if (wire.from() != wire.to()) {
            int corridor = TITLE + wires.corridorY(wire.reference().to());
            int arriveX = laneX(wire.to(), wire, cards);
            points.add(new int[] {leaveX, corridor});
            points.add(new int[] {arriveX, corridor});
            points.add(new int[] {arriveX, endY});
        } else {
            points.add(new int[] {leaveX, endY});
        }
        points.add(new int[] {endX, endY});
        append(
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"/>",
                EdgeRouting.rounded(points), colours.get(wire.reference().to()));
    }

    private int laneX(int gutter, EdgeRouting.Wire wire, Map<String, EntityBox> cards) {
        int left = cards.values().stream()
                .filter(c -> c.column() == gutter)
                .mapToInt(c -> c.x() + EntityBox.WIDTH)
                .findFirst()
                .orElse(MARGIN);
        return left + wires.laneX(gutter, wire.reference().to());
    }

    /** Draws the cardinality: many or one at the start, exactly one or optional at the end. */
    private void ends(EdgeRouting.Wire wire, Map<String, EntityBox> cards) {
        Reference reference = wire.reference();
        EntityBox source = cards.get(wire.source().name());
        EntityBox target = cards.get(reference.to());
        String colour = dark(colours.get(reference.to()));
        int out = wire.leavesLeft() ? -1 : 1;
        int x = source.x() + (wire.leavesLeft() ? 0 : EntityBox.WIDTH);
        int y = source.rowY(reference.fields().get(0));
        String foot = KeyMarkers.isOneToOne(wire.source(), reference)
                ? String.format("M%d %d v10", x + 7 * out, y - 5)
                : String.format("M%d %d L%d %d M%d %d L%d %d", x, y - 5, x + 9 * out, y, x, y + 5, x + 9 * out, y);
        append("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.4\"/>", foot, colour);
        if (KeyMarkers.isOptional(wire.source(), reference)) {
            append(
                    "<circle cx=\"%d\" cy=\"%d\" r=\"3\" fill=\"#ffffff\" stroke=\"%s\" stroke-width=\"1.3\"/>",
                    x + 13 * out, y, colour);
        }
        int back = wire.arrivesLeft() ? -1 : 1;
        int endX = target.x() + (wire.arrivesLeft() ? 0 : EntityBox.WIDTH);
        int endY = target.rowY(reference.of().get(0));
        append("<path d=\"M%d %d v10\" stroke=\"%s\" stroke-width=\"1.6\"/>", endX + 6 * back, endY - 5, colour);
    }

    private void legend(int y) {
        int x = MARGIN;
        append("<g font-size=\"11\" fill=\"#475569\">");
        append(
                "<text x=\"%d\" y=\"%d\"><tspan font-weight=\"700\" fill=\"#b45309\">PK</tspan> key<tspan dx=\"10\" font-weight=\"700\">UK</tspan> unique<tspan dx=\"10\" font-weight=\"700\">FK</tspan> reference<tspan dx=\"10\">? optional</tspan></text>",
                x, y);
        int at = x + 292;
        append(
                "<path d=\"M%d %d h34 M%d %d l9 5 M%d %d l9 -5\" stroke=\"#475569\" fill=\"none\" stroke-width=\"1.4\"/><text x=\"%d\" y=\"%d\">many</text>",
                at, y - 4, at, y - 9, at, y + 1, at + 40, y);
        append(
                "<path d=\"M%d %d h34 M%d %d v10\" stroke=\"#475569\" fill=\"none\" stroke-width=\"1.4\"/><text x=\"%d\" y=\"%d\">one</text>",
                at + 82, y - 4, at + 89, y - 9, at + 122, y);
        append(
                "<path d=\"M%d %d h34\" stroke=\"#475569\" stroke-width=\"1.4\"/><circle cx=\"%d\" cy=\"%d\" r=\"3\" fill=\"#fff\" stroke=\"#475569\" stroke-width=\"1.3\"/><text x=\"%d\" y=\"%d\">optional</text>",
                at + 158, y - 4, at + 171, y - 4, at + 198, y);
        append("</g>");
    }

    private static String dark(String colour) {
        return colour.equals(LINES.get(0)) ? "#64748b" : colour;
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1).strip() + "…";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void append(String format, Object... values) {
        out.append(String.format(java.util.Locale.ROOT, format, values)).append('\n');
    }
}
