package dev.holdfast.mongodb.value;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The feature compatibility versions with which a program of MongoDB starts: that of its own release series, that of the
 * series before it, and that of the last major release.
 */
public final class CompatibilityMatrix {

    private static final Pattern SERIES = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(\\..*)?");

    /** The last minor release of each major release up to 7, which was only for hosted databases: 5.3, 6.3 and 7.3. */
    private static final int LAST_MINOR = 3;

    private CompatibilityMatrix() {}

    /** Returns the release series of a version, which is also its own feature compatibility version: 8.2 of 8.2.1; or empty. */
    public static String series(String version) {
        Matcher matcher = SERIES.matcher(version);
        return matcher.matches() ? matcher.group(1) + "." + matcher.group(2) : "";
    }

    /** Returns what a program of this version accepts, in ascending order; empty if the version is unknown. */
    public static List<String> accepted(String version) {
        Matcher matcher = SERIES.matcher(version);
        if (!matcher.matches()) {
            return List.of();
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        String own = major + "." + minor;
        return minor == 0
                ? List.of((major - 1) + ".0", (major - 1) + "." + LAST_MINOR, own)
                : Stream.of(major + ".0", major + "." + (minor - 1), own)
                        .distinct()
                        .toList();
    }

    /** Returns whether a program starts with a feature compatibility version; an unknown version of either is not judged. */
    public static boolean accepts(String version, String compatibility) {
        List<String> accepted = accepted(version);
        return accepted.isEmpty() || series(compatibility).isEmpty() || accepted.contains(compatibility);
    }

    /** Returns whether the release series of one version is older than that of another one. */
    public static boolean isOlder(String version, String other) {
        return !series(version).isEmpty() && !series(other).isEmpty() && number(version) < number(other);
    }

    private static int number(String version) {
        String[] part = series(version).split("\\.");
        return Integer.parseInt(part[0]) * 10_000 + Integer.parseInt(part[1]);
    }
}
