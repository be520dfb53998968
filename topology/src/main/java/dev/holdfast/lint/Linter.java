package dev.holdfast.lint;

import dev.holdfast.config.Suggestion;
import dev.holdfast.model.Acceptance;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Applies all lint rules to a valid topology, and sets aside what its owners have accepted. */
public final class Linter {

    private final Topology topology;
    private final Map<String, Set<String>> stored;
    private final List<LintRule> rules;
    private final LocalDate today;
    private final List<Problem> open = new ArrayList<>();
    private final List<Accepted> accepted = new ArrayList<>();

    private Linter(Topology topology, Map<String, Set<String>> stored, List<LintRule> rules, LocalDate today) {
        this.topology = topology;
        this.stored = stored;
        this.rules = rules;
        this.today = today;
    }

    /** A problem that an owner has accepted. */
    public record Accepted(Problem problem, Acceptance acceptance) {}

    /**
     * The result of all rules.
     *
     * @param open the problems, in the order of the file
     * @param accepted the problems that are accepted today
     */
    public record Result(List<Problem> open, List<Accepted> accepted) {}

    /**
     * Applies the rules.
     *
     * @param stored the names of the collections or tables that a dictionary declares, by the cluster that has one
     * @param today the day on which acceptances must still hold
     */
    public static Result judge(
            Topology topology, Map<String, Set<String>> stored, List<LintRule> rules, LocalDate today) {
        return new Linter(topology, stored, rules, today).judge();
    }

    private Result judge() {
        for (LintRule rule : rules) {
            List<Problem> own = new ArrayList<>();
            rule.judge(topology, stored, own);
            rule.judge(topology, today, own);
            own.forEach(p -> open.add(p.by(rule.id())));
        }
        topology.accepted().forEach(this::accept);
        open.sort(Problem.BY_PLACE);
        return new Result(List.copyOf(open), List.copyOf(accepted));
    }

    private void accept(Acceptance acceptance) {
        List<String> ids = rules.stream().map(LintRule::id).toList();
        Optional<Set<SourceLocation>> places = places(acceptance.at());
        if (!ids.contains(acceptance.rule())) {
            open.add(Problem.error(
                    acceptance.place(),
                    "no lint rule has the id " + acceptance.rule(),
                    Suggestion.to(acceptance.rule(), ids)
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse("validate prints the id of each rule; examples/ADVICE.md lists all")));
        } else if (places.isEmpty()) {
            open.add(Problem.error(
                    acceptance.place(),
                    "the file has no " + acceptance.at() + ", for which " + acceptance.rule() + " is accepted",
                    "write the keys with dots between them, such as clusters.NAME"));
        } else if (acceptance.until().isBefore(today)) {
            open.add(Problem.warn(
                    acceptance.place(),
                    acceptance.owner() + " accepted " + acceptance.rule() + " until " + acceptance.until()
                            + ", and that day is over",
                    "solve what the rule finds, or ask " + acceptance.owner() + " for another date"));
        } else {
            setAside(acceptance, places.get());
        }
    }

    private void setAside(Acceptance acceptance, Set<SourceLocation> places) {
        List<Problem> fitting = open.stream()
                .filter(p -> p.rule().equals(acceptance.rule()) && places.contains(p.place()))
                .toList();
        List<Problem> advice = fitting.stream().filter(p -> !p.isError()).toList();
        open.removeAll(advice);
        advice.forEach(p -> accepted.add(new Accepted(p, acceptance)));
        if (advice.isEmpty()) {
            open.add(Problem.warn(
                    acceptance.place(),
                    fitting.isEmpty()
                            ? acceptance.rule() + " is accepted, and finds nothing there"
                            : acceptance.rule() + " is accepted, and finds an error there: only advice can be accepted",
                    fitting.isEmpty() ? "remove the acceptance" : "solve it, or change the objective"));
        }
    }

    /** Returns the locations of a key and of all keys below it; empty if the file has no such key. */
    private Optional<Set<SourceLocation>> places(String at) {
        Set<SourceLocation> places = new HashSet<>();
        topology.places().forEach((path, place) -> {
            String name = path.isEmpty() ? "" : path.substring(1).replace('/', '.');
            if (at.isEmpty() || name.equals(at) || name.startsWith(at + ".")) {
                places.add(place);
            }
        });
        return places.isEmpty() ? Optional.empty() : Optional.of(places);
    }
}
