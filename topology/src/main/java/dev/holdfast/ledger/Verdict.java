package dev.holdfast.ledger;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of judging one claim.
 *
 * @param claim the claim, e.g. {@code no acknowledged write is lost}
 * @param about the stream or cluster that the claim is about
 * @param because the reason with its values, in a sentence
 * @param evidence the same values for programs
 */
public record Verdict(String claim, String about, Word word, String because, Map<String, Object> evidence) {

    /** The verdict. UNKNOWN is not a pass: what could not be observed is not claimed. */
    public enum Word {
        HELD,
        BROKEN,
        UNKNOWN
    }

    public Verdict {
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }

    public static Verdict held(String claim, String about, String because, Map<String, Object> evidence) {
        return new Verdict(claim, about, Word.HELD, because, evidence);
    }

    public static Verdict broken(String claim, String about, String because, Map<String, Object> evidence) {
        return new Verdict(claim, about, Word.BROKEN, because, evidence);
    }

    public static Verdict unknown(String claim, String about, String because) {
        return new Verdict(claim, about, Word.UNKNOWN, because, Map.of());
    }
}
