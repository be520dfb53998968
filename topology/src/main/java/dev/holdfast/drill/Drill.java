package dev.holdfast.drill;

import java.util.List;

/**
 * Something that is done to an estate under load, and what must be true afterwards.
 *
 * @param name as it is typed, e.g. {@code mongo-primary-kill}
 * @param story what happens, as a DBA would tell it
 * @param course what is done between warm-up and read-back
 * @param claims the names of what is judged afterwards
 * @param untested what this drill does not show, in sentences
 */
public record Drill(
        String name,
        String story,
        DrillSelector target,
        Scenario course,
        List<String> claims,
        List<String> untested,
        DrillSettings circumstances) {

    public Drill {
        claims = List.copyOf(claims);
        untested = List.copyOf(untested);
    }

    public Drill(
            String name,
            String story,
            DrillSelector target,
            Scenario course,
            List<String> claims,
            List<String> untested) {
        this(name, story, target, course, claims, untested, DrillSettings.USUAL);
    }
}
