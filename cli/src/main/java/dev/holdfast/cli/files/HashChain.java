package dev.holdfast.cli.files;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chains every line of a ledger to all lines before it. Each line ends with the SHA-256 of the previous link and its own
 * text. A line that is changed, added or left out therefore breaks the chain.
 */
final class HashChain {

    private static final Pattern LINK = Pattern.compile(",\"link\":\"([0-9a-f]{64})\"}$");

    private String last = "0".repeat(64);

    /** Returns the line with its link. */
    String linked(String line) {
        last = hash(last, line);
        return line.substring(0, line.length() - 1) + ",\"link\":\"" + last + "\"}";
    }

    /** Whether a linked line follows the line before it. */
    boolean follows(String linked) {
        Matcher link = LINK.matcher(linked);
        if (!link.find()) {
            return false;
        }
        String line = linked.substring(0, link.start()) + "}";
        last = hash(last, line);
        return last.equals(link.group(1));
    }

    /** Returns the link of the last line, which identifies the whole ledger. */
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
