package dev.holdfast.cli.files;

import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a text file that people wrote, and reports what makes it unreadable. */
final class TextFile {

    /** The path that means standard input. */
    static final String STANDARD_INPUT = "-";

    private static final int MOST_BYTES = 1 << 20;

    private TextFile() {}

    static boolean isStandardInput(Path path) {
        return path.toString().equals(STANDARD_INPUT);
    }

    /** Returns the name of a file in messages. */
    static String name(Path path) {
        return isStandardInput(path) ? "standard input" : path.toString();
    }

    /** Returns the text without a byte order mark; reports the problems. */
    static Optional<String> read(Path path, List<Problem> problems) {
        SourceLocation start = new SourceLocation(name(path), 1, 1);
        try {
            if (Files.isDirectory(path)) {
                problems.add(Problem.error(
                        start, "this is a directory", "give a file: -f " + path.resolve("topology.yaml")));
                return Optional.empty();
            }
            byte[] bytes = bytes(path);
            if (bytes.length > MOST_BYTES) {
                problems.add(Problem.error(
                        start, "the file has more than " + MOST_BYTES + " bytes", "is it a topology file?"));
                return Optional.empty();
            }
            return decoded(bytes, start, problems);
        } catch (NoSuchFileException missing) {
            problems.add(Problem.error(start, "there is no such file", "give its path with -f FILE"));
        } catch (AccessDeniedException denied) {
            problems.add(Problem.error(
                    start, "there is no permission to read the file", "ask the owner of the file, or change its mode"));
        } catch (IOException failed) {
            problems.add(Problem.error(
                    start, "the file cannot be read: " + failed.getMessage(), "give its path with -f FILE"));
        }
        return Optional.empty();
    }

    /**
     * Reads as many bytes as are allowed, and one more, because a device can be endless. Reads piece by piece, because from
     * Java 21 on {@code readNBytes} needs the position in the file, which a pipe does not have.
     */
    private static byte[] bytes(Path path) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 16];
        try (InputStream in = isStandardInput(path) ? System.in : Files.newInputStream(path)) {
            int most = MOST_BYTES + 1;
            for (int n = in.read(piece); n > 0; n = in.read(piece, 0, Math.min(piece.length, most - bytes.size()))) {
                bytes.write(piece, 0, n);
            }
        }
        return bytes.toByteArray();
    }

    static Optional<String> decoded(byte[] bytes, SourceLocation start, List<Problem> problems) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            problems.add(Problem.error(
                    end(text, start),
                    "this is not UTF-8 text",
                    "save the file as UTF-8, for example with iconv -t UTF-8"));
            return Optional.empty();
        }
        String clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            if (c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f || c == '\uFFFE' || c == '\uFFFF') {
                problems.add(Problem.error(
                        end(clean.substring(0, i), start),
                        "there is a control character here (U+" + String.format("%04X", (int) c) + ")",
                        "remove it; cat -v shows it"));
                return Optional.empty();
            }
        }
        return Optional.of(clean);
    }

    /** Returns the place right after a text. */
    private static SourceLocation end(String text, SourceLocation start) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i++) {
            boolean isBreak = text.charAt(i) == '\n';
            line += isBreak ? 1 : 0;
            column = isBreak ? 1 : column + 1;
        }
        return new SourceLocation(start.file(), line, column);
    }
}
