package dev.holdfast.cli.view;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.regex.Pattern;

/**
 * A writer that replaces control characters in output to a terminal. Values from hosts, databases and files can
 * contain control characters, which a terminal would obey. Line ends, tabs, and the colours and cursor movements of
 * Holdfast's own progress pass; everything else is replaced.
 */
public final class TerminalWriter extends FilterWriter {

    private static final Pattern UNSAFE =
            Pattern.compile("(?!\\x1b\\[(?:[0-9;]{0,12}m|1A|2K))[\\p{Cc}\\p{Cf}&&[^\\n\\t]]|\\r(?!\\n)");

    private TerminalWriter(Writer out) {
        super(out);
    }

    /** Returns the same destination for untrusted text; a printed line is flushed at once. */
    public static PrintWriter around(PrintWriter out) {
        return new PrintWriter(new TerminalWriter(out), true);
    }

    static String safe(String text) {
        return UNSAFE.matcher(text).replaceAll("\uFFFD");
    }

    /** @throws IOException when something could not be written, which a print writer does not report itself */
    @Override
    public void flush() throws IOException {
        if (out instanceof PrintWriter writer && writer.checkError()) {
            throw new IOException("the output cannot be written");
        }
        out.flush();
    }

    @Override
    public void write(int c) throws IOException {
        out.write(safe(Character.toString(c)));
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        out.write(safe(new String(text, from, length)));
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        out.write(safe(text.substring(from, from + length)));
    }
}
