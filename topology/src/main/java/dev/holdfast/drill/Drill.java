package dev.holdfast.drill;

import java.util.List;

/**
 * A drill: a scenario on an estate under load, and the claims that must hold afterwards.
 *
 * @param name the name as it is typed, e.g. {@code zone-loss}
 * @param description what happens, in a DBA's words
 * @param scenario the scenario between warm-up and read-back
 * @param claims the names of the claims that are judged afterwards
 * @param untested what this drill does not show, in sentences
 */
public record Drill(
        String name,
        String description,
        DrillSelector target,
        Scenario scenario,
        List<String> claims,
        List<String> untested,
        DrillSettings circumstances) {

    public Drill {
        claims = List.copyOf(claims);
        untested = List.copyOf(untested);
    }

    public Drill(
            String name,
            String description,
            DrillSelector target,
            Scenario scenario,
            List<String> claims,
            List<String> untested) {
        this(name, description, target, scenario, claims, untested, DrillSettings.USUAL);
    }
}
