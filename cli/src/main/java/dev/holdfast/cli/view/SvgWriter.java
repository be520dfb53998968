package dev.holdfast.cli.view;

import java.util.Locale;

/** Builds an SVG drawing, with text and attributes escaped. */
final class SvgWriter {

    private final StringBuilder text = new StringBuilder();

    SvgWriter(int width, int height, String about, String kind) {
        text.append("<svg class=\"")
                .append(kind)
                .append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ');
        text.append(height)
                .append("\" role=\"img\" aria-label=\"")
                .append(escaped(about))
                .append("\">");
    }

    static String escaped(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    static String number(double value) {
        String plain = String.format(Locale.ROOT, "%.1f", value);
        return plain.endsWith(".0") ? plain.substring(0, plain.length() - 2) : plain;
    }

    SvgWriter line(double x1, double y1, double x2, double y2, String style) {
        return add("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" style=\"%s\"/>", x1, y1, x2, y2, style);
    }

    SvgWriter box(double x, double y, double width, double height, String style) {
        return add(
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" style=\"%s\"/>",
                x, y, Math.max(0, width), Math.max(0, height), style);
    }

    SvgWriter path(String steps, String style) {
        text.append("<path d=\"")
                .append(steps)
                .append("\" style=\"")
                .append(style)
                .append("\"/>");
        return this;
    }

    /** @param anchor start, middle or end */
    SvgWriter words(double x, double y, String anchor, String kind, String words) {
        text.append(String.format(
                Locale.ROOT,
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" class=\"%s\">%s</text>",
                number(x),
                number(y),
                anchor,
                kind,
                escaped(words)));
        return this;
    }

    private SvgWriter add(String form, double a, double b, double c, double d, String style) {
        text.append(String.format(Locale.ROOT, form, number(a), number(b), number(c), number(d), style));
        return this;
    }

    @Override
    public String toString() {
        return text + "</svg>";
    }
}
