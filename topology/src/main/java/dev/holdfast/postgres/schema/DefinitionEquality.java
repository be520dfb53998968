package dev.holdfast.postgres.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The comparison of an observed definition with a desired one, independent of notation. */
final class DefinitionEquality {

    private static final Pattern CAST = Pattern.compile(
            "::(?:\"?public\"?\\.)?(?:double precision|character varying|timestamp with(?:out)? time zone|[a-z_]+)(?:\\(\\d+(?:,\\d+)?\\))?(?:\\[\\])?");
    private static final Pattern QUOTED_NUMBER = Pattern.compile("'(-?\\d+(?:\\.\\d+)?)'");
    private static final Pattern WORDS = Pattern.compile("ARRAY\\[(.*)]");
    private static final Pattern WORD = Pattern.compile("'((?:[^']|'')*)'");
    private static final Pattern LEAST = Pattern.compile(">=(-?\\d+(?:\\.\\d+)?)");
    private static final Pattern MOST = Pattern.compile("<=(-?\\d+(?:\\.\\d+)?)");

    /** The clause with which PostgreSQL shows an index of a partitioned table. */
    private static final String PARTITIONED = " ON ONLY ";

    private DefinitionEquality() {}

    static boolean alike(String state, String desired) {
        return state.equals(desired) || normal(state).equals(normal(desired));
    }

    /** Returns whether two definitions of indexes are equal except for the names of the indexes. */
    static boolean alikeUnnamed(String state, String desired) {
        return alike(unnamed(state), unnamed(desired));
    }

    private static String unnamed(String definition) {
        return definition.replaceFirst("INDEX (\"([^\"]|\"\")+\"|\\S+) ON", "INDEX ON");
    }

    /**
     * Normalizes a definition: removes casts, brackets, blanks and quotes of names, which PostgreSQL can write in several ways.
     */
    static String normal(String definition) {
        String bare = CAST.matcher(definition
                        .replace(" NOT VALID", "")
                        .replace(PARTITIONED, " ON ")
                        .replace("public.", ""))
                .replaceAll("");
        String tight = bare.replaceAll("[()\\s\"]", "");
        return QUOTED_NUMBER.matcher(tight).replaceAll("$1");
    }

    /** Returns whether a check accepts everything that another one accepts; false in doubt. */
    static boolean isWider(String state, String desired) {
        List<String> was = words(state);
        List<String> will = words(desired);
        boolean sameShape = shape(state).equals(shape(desired));
        if (!sameShape) {
            return false;
        }
        boolean words = will.containsAll(was);
        boolean least = least(desired)
                .map(w -> least(state).filter(s -> w.compareTo(s) <= 0).isPresent())
                .orElse(true);
        boolean most = most(desired)
                .map(w -> most(state).filter(s -> w.compareTo(s) >= 0).isPresent())
                .orElse(true);
        return words && least && most;
    }

    /** Returns a definition without its words and bounds. */
    private static String shape(String definition) {
        String normal = WORDS.matcher(normal(definition)).replaceAll("ARRAY");
        return MOST.matcher(LEAST.matcher(normal).replaceAll(">=")).replaceAll("<=");
    }

    private static List<String> words(String definition) {
        List<String> words = new ArrayList<>();
        Matcher list = WORDS.matcher(definition);
        if (list.find()) {
            Matcher word = WORD.matcher(list.group(1));
            while (word.find()) {
                words.add(word.group(1));
            }
        }
        return words;
    }

    private static Optional<BigDecimal> least(String definition) {
        return number(LEAST.matcher(normal(definition)));
    }

    private static Optional<BigDecimal> most(String definition) {
        return number(MOST.matcher(normal(definition)));
    }

    private static Optional<BigDecimal> number(Matcher found) {
        return found.find() ? Optional.of(new BigDecimal(found.group(1))) : Optional.empty();
    }
}
