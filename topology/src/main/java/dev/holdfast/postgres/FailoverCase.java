package dev.holdfast.postgres;

import dev.holdfast.engine.Order;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.postgres.Ruling.Way;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** An unplanned change of the primary, as it stands now: what is seen, and what a person asks for. */
record FailoverCase(TakeoverSeen seen, Order order) {

    /** A second failover this soon after the first is a matter for a person. */
    static final Duration CALM = Duration.ofMinutes(10);

    static final String BY_HAND = "fenced-by-hand";
    static final String OTHERS = "others-silent";
    static final String AGAIN = Order.AGAIN;
    static final String RECOVERING = "primary-recovering";

    static final List<Rule<FailoverCase, Ruling>> TABLE = List.of(
            new Rule<>(
                    "two members are primary",
                    c -> c.now().primaries().size() > 1,
                    c -> Ruling.refused(
                            "", "stop the one that clients do not write to; it comes back with holdfast rejoin"),
                    c -> "two primaries, a split brain: "
                            + c.now().primaries().stream().map(MemberSeen::name).collect(Collectors.joining(", "))),
            new Rule<>(
                    "--to names no member",
                    c -> c.order.to().isPresent()
                            && c.seen.member(c.order.to().get()).isEmpty(),
                    c -> Ruling.refused(Exit.USAGE, "", "the members are: " + c.names()),
                    c -> "--to " + c.order.to().orElse("") + ": no member is called that"),
            new Rule<>(
                    "another is primary already",
                    FailoverCase::isDone,
                    c -> Ruling.of(Way.FINISH, c.primary().orElseThrow().name()),
                    c -> c.primary().orElseThrow().name() + " is primary on timeline "
                            + c.primary().orElseThrow().timeline()),
            new Rule<>(
                    "the primary answers",
                    c -> c.primary().isPresent(),
                    c -> Ruling.refused("", "a primary that answers is changed with holdfast switchover"),
                    c -> c.primary().orElseThrow().name()
                            + " is primary and answers queries: there is nothing to fail over from"),
            new Rule<>(
                    "nobody is known to have been primary",
                    c -> c.seen.lost().isEmpty(),
                    c -> Ruling.refused(
                            c.isSomeoneUnseen() ? Exit.UNREACHABLE : Exit.REFUSED,
                            "",
                            "make all hosts answer, or name whom to promote after looking at holdfast status"),
                    c -> "no member is or was primary by what can be seen"
                            + (c.isSomeoneUnseen() ? ", and not every host answers" : "")),
            new Rule<>(
                    "the lost primary's host does not answer, so it cannot be fenced",
                    c -> c.lost().isOutOfReach() && !c.overrides(BY_HAND),
                    c -> Ruling.refused(
                            Exit.UNREACHABLE,
                            "",
                            "make the host answer; or switch it off and make sure that it stays off, then run again with"
                                    + " --override=" + BY_HAND + " --accept-data-loss"),
                    c -> "the host of " + c.lost().name() + " does not answer ("
                            + c.lost().hostTrouble()
                            + "): it may still be primary and acknowledge writes, and it cannot be fenced from here"),
            new Rule<>(
                    "it was fenced by hand, and so many others do not answer that somebody else may promote one of them",
                    c -> c.lost().isOutOfReach() && !c.areMostOthersThere() && !c.overrides(OTHERS),
                    c -> Ruling.refused(
                            Exit.UNREACHABLE,
                            "",
                            "make their hosts answer; or make sure that nobody promotes one of them, then go on with"
                                    + " --override=" + OTHERS),
                    c -> c.othersTold()),
            new Rule<>(
                    "a member is out of reach whose record is newer than what the lost primary's host says",
                    c -> c.hasComeFurther().isPresent(),
                    c -> Ruling.refused(
                            Exit.UNREACHABLE, "", "make all hosts answer; the newest primary is not among those seen"),
                    c -> c.hasComeFurther().orElse("")),
            new Rule<>(
                    "the primary is recovering by itself",
                    c -> c.lost().isStarting() && !c.overrides(RECOVERING),
                    c -> Ruling.refused("", "wait for it, or fence it nevertheless with --override=" + RECOVERING),
                    c -> c.lost().name() + " says: " + c.lost().answer().text().strip()),
            new Rule<>(
                    "another failover was done shortly before",
                    c -> c.sinceLast().filter(s -> s.compareTo(CALM) < 0).isPresent() && !c.overrides(AGAIN),
                    c -> Ruling.refused(
                            "", "find out what happens to the primaries, then go on with --override=" + AGAIN),
                    c -> "the last failover was " + c.sinceLast().orElseThrow().toSeconds() + " s ago, the limit is "
                            + CALM.toSeconds() + " s"),
            new Rule<>(
                    "no standby that may be promoted answers",
                    c -> c.candidate().isEmpty(),
                    c -> Ruling.refused(
                            Exit.UNREACHABLE,
                            "",
                            "start " + c.lost().name() + " again with holdfast apply if its" + " host is sound"
                                    + c.aDisasterRecoveryCopy()),
                    c -> "no standby that may be promoted answers"
                            + c.order.to().map(t -> " by the name of " + t).orElse("")),
            new Rule<>(
                    "it holds every acknowledged commit",
                    c -> c.inSync().isProven(c.candidate().orElseThrow()),
                    c -> Ruling.of(Way.GO, c.candidate().orElseThrow().name()),
                    c -> c.told() + "; " + c.candidate().orElseThrow().name()
                            + (c.seen.gap(c.candidate().orElseThrow()).isNothing()
                                    ? " lacks no commit of its log"
                                    : " was in sync by the record of "
                                            + c.seen.history().orElseThrow().at() + " and has log up to "
                                            + c.candidate()
                                                    .orElseThrow()
                                                    .server()
                                                    .end())),
            new Rule<>(
                    "it may lack acknowledged commits, and that was accepted",
                    c -> c.order.acceptDataLoss(),
                    c -> Ruling.of(Way.GO, c.candidate().orElseThrow().name()),
                    c -> c.told() + "; " + c.bound() + ", which was accepted"),
            new Rule<>(
                    "otherwise",
                    c -> true,
                    c -> Ruling.refused(
                            Exit.WOULD_LOSE_DATA,
                            c.candidate().orElseThrow().name(),
                            "start " + c.lost().name()
                                    + " again with holdfast apply if its host is sound; or accept the loss with "
                                    + c.accepting() + "--accept-data-loss"),
                    FailoverCase::bound));

    PostgresSeen now() {
        return seen.now();
    }

    Decision<Ruling> decision() {
        return Rule.decide(TABLE, this);
    }

    Optional<MemberSeen> primary() {
        return now().primary();
    }

    MemberSeen lost() {
        return seen.lost().orElseThrow();
    }

    InSync inSync() {
        return new InSync(seen);
    }

    boolean overrides(String code) {
        return order.overrides().contains(code);
    }

    private List<MemberSeen> others() {
        return now().members().stream().filter(m -> m != lost()).toList();
    }

    /** Two runs that see different members cannot both hold most of them. */
    private boolean areMostOthersThere() {
        long there = others().stream().filter(m -> !m.isOutOfReach()).count();
        return there * 2 > others().size();
    }

    private String othersTold() {
        return "the hosts of "
                + others().stream()
                        .filter(MemberSeen::isOutOfReach)
                        .map(MemberSeen::name)
                        .collect(Collectors.joining(", "))
                + " do not answer either: one of them may be promoted from elsewhere at the same time, for most of the "
                + others().size() + " members beside " + lost().name() + " must answer to rule that out";
    }

    private String names() {
        return now().members().stream().map(MemberSeen::name).collect(Collectors.joining(", "));
    }

    private boolean isSomeoneUnseen() {
        return now().members().stream().anyMatch(MemberSeen::isOutOfReach);
    }

    private boolean isDone() {
        return primary()
                .filter(p ->
                        seen.leaving().filter(l -> !l.name().equals(p.name())).isPresent()
                                || now().members().stream()
                                        .filter(m -> !m.isUp() && m != p)
                                        .anyMatch(m -> m.disk().fence().isPresent()
                                                && m.disk().fence().get().timeline() < p.timeline()))
                .isPresent();
    }

    /** Somebody has seen a later timeline than the one the lost primary was on. */
    private Optional<String> hasComeFurther() {
        MemberSeen lost = lost();
        if (lost.isOutOfReach() || !lost.isDown()) {
            return Optional.empty();
        }
        int timeline = lost.timeline();
        return now().members().stream()
                .filter(m -> m.timeline() > timeline)
                .findFirst()
                .map(m -> m.name() + " is on timeline " + m.timeline() + ", and " + lost.name()
                        + " was primary on timeline " + timeline + ": somebody was promoted since");
    }

    private Optional<Duration> sinceLast() {
        return seen.lastFailover().map(l -> Duration.between(l.at(), seen.at()));
    }

    private String told() {
        MemberSeen lost = lost();
        return lost.name()
                + (lost.isOutOfReach()
                        ? " was fenced by hand"
                        : lost.isDown()
                                ? " is down, as its host says"
                                : " is silent: " + TakeoverProbes.ATTEMPTS + " queries were not answered");
    }

    /** The best that may be promoted: the one that is named; in sync before others, then the most log. DR only by name. */
    Optional<MemberSeen> candidate() {
        Comparator<MemberSeen> best = Comparator.comparing((MemberSeen m) -> inSync().isProven(m) ? 0 : 1)
                .thenComparing((MemberSeen m) -> m.server().end(), Comparator.reverseOrder());
        return seen.standbys().stream()
                .filter(m -> order.to().map(m.name()::equals).orElse(true))
                .filter(m -> m.member().part() != Part.DR || order.to().isPresent() || isTheOnlyHope())
                .min(best);
    }

    /** How many commits the lost primary's log holds beyond the candidate's; absent where it cannot be read. */
    OptionalLong mostLost() {
        return candidate()
                .map(seen::gap)
                .filter(Gap::isKnown)
                .map(g -> OptionalLong.of(g.commits()))
                .orElse(OptionalLong.empty());
    }

    private boolean isTheOnlyHope() {
        return !order.acceptDataLoss()
                && seen.standbys().stream().allMatch(m -> m.member().part() == Part.DR);
    }

    private String aDisasterRecoveryCopy() {
        return seen.standbys().stream()
                .filter(m -> m.member().part() == Part.DR)
                .map(m -> "; or name the disaster-recovery copy with --to " + m.name())
                .findFirst()
                .orElse("");
    }

    private String accepting() {
        MemberSeen candidate = candidate().orElseThrow();
        return candidate.member().part() == Part.DR && order.to().isEmpty() ? "--to " + candidate.name() + " " : "";
    }

    /** Where the lost primary's log cannot be read, time alone bounds the loss. */
    private String since(MemberSeen candidate) {
        return "what was committed after "
                + candidate
                        .server()
                        .lastCommit()
                        .map(at -> at + ", the last commit that " + candidate.name() + " has, "
                                + Math.max(0, Duration.between(at, seen.at()).toSeconds()) + " s ago")
                        .orElse("the last commit that " + candidate.name() + " has")
                + "; how many bytes is not known, as the lost primary's log cannot be read";
    }

    private String bound() {
        MemberSeen candidate = candidate().orElseThrow();
        return candidate.name() + " may lack acknowledged commits: "
                + inSync().doubt(candidate).orElse("") + "; at most lost: "
                + (seen.gap(candidate).isKnown() ? seen.gap(candidate).told() : since(candidate));
    }
}
