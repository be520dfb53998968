package dev.holdfast.cli.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A {@code backup.info} of pgBackRest: sections of keys with JSON values, and a checksum of all but itself. */
final class PgBackRestList {

    private static final String CHECKSUM = "backrest-checksum=";

    private PgBackRestList() {}

    /** Dates every backup back, and keeps the file's owner and permissions. */
    static void age(Path list, long seconds) throws IOException {
        String aged = Files.readString(list)
                .replaceAll("\"backup-timestamp-(start|stop)\":\\d+", "\"backup-timestamp-$1\":" + seconds);
        Files.writeString(list, aged.replaceFirst("(?m)^" + CHECKSUM + ".*$", CHECKSUM + "\"" + checksum(aged) + "\""));
    }

    /** Returns the SHA-1 of the content as one JSON object of objects, in the order of the file. */
    private static String checksum(String content) {
        List<String> sections = new ArrayList<>();
        List<String> values = new ArrayList<>();
        String name = "";
        for (String line : (content + "\n[end]").split("\n")) {
            if (line.startsWith("[")) {
                if (!values.isEmpty()) {
                    sections.add("\"" + name + "\":{" + String.join(",", values) + "}");
                    values.clear();
                }
                name = line.substring(1, line.length() - 1);
            } else if (line.contains("=") && !line.startsWith(CHECKSUM)) {
                int equal = line.indexOf('=');
                values.add("\"" + line.substring(0, equal) + "\":" + line.substring(equal + 1));
            }
        }
        String whole = "{" + String.join(",", sections) + "}";
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(whole.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
