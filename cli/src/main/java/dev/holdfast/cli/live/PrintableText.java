package dev.holdfast.cli.live;

/** Text without control characters, which a terminal would obey. */
final class PrintableText {

    private PrintableText() {}

    /** Replaces each control character with U+FFFD; line ends and tabs stay. */
    static String of(String text) {
        boolean isPrintable = text.chars().noneMatch(PrintableText::isControl);
        return isPrintable
                ? text
                : text.codePoints()
                        .map(c -> isControl(c) ? '\uFFFD' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isControl(int c) {
        return Character.getType(c) == Character.CONTROL && c != '\n' && c != '\t'
                || Character.getType(c) == Character.FORMAT;
    }
}
