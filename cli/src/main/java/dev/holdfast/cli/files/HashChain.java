package dev.holdfast.cli.files;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ties every line of a ledger to all lines before it: each ends with the SHA-256 of the link before and its own text, so
 * that a line cannot be changed, added or left out without all that follow telling.
 */
final class HashChain {

    private static final Pattern LINK = Pattern.compile(",\"link\":\"([0-9a-f]{64})\"}$");

    private String last = "0".repeat(64);

    /** The line with its link. */
    String linked(String line) {
        last = hash(last, line);
        return line.substring(0, line.length() - 1) + ",\"link\":\"" + last + "\"}";
    }

    /** Whether a linked line follows the one before it. */
    boolean follows(String linked) {
        Matcher link = LINK.matcher(linked);
        if (!link.find()) {
            return false;
        }
        String line = linked.substring(0, link.start()) + "}";
        last = hash(last, line);
        return last.equals(link.group(1));
    }

    /** The link of the last line, by which a whole ledger can be named. */
    String last() {
        return last;
    }

    private static String hash(String before, String line) {
        return HexFormat.of().formatHex(digest().digest((before + line).getBytes(StandardCharsets.UTF_8)));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
