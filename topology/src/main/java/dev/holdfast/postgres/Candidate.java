package dev.holdfast.postgres;

import dev.holdfast.engine.Order;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.postgres.Ruling.Way;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A member that may take the primary's part over in a planned way, while the primary answers. */
record Candidate(PostgresSeen seen, MemberSeen member, Order order) {

    /** A candidate that has more than this still to replay would make writes wait for too long. */
    static final long MOST_LAG = 16L << 20;

    static final List<Rule<Candidate, Ruling>> TABLE = List.of(
            new Rule<>(
                    "its host does not answer",
                    c -> c.member.isOutOfReach(),
                    c -> Ruling.refused(
                            Exit.UNREACHABLE, c.name(), "make the host answer, or choose another with --to"),
                    c -> "the host of " + c.name() + " does not answer: " + c.member.hostTrouble()),
            new Rule<>(
                    "it does not answer",
                    c -> !c.member.isUp(),
                    c -> Ruling.refused(c.name(), "start it with holdfast apply, or choose another with --to"),
                    c -> c.name() + " does not answer: " + c.member.answer().sentence()),
            new Rule<>(
                    "it is no standby",
                    c -> !c.member.isStandby(),
                    c -> Ruling.refused(c.name(), "see holdfast status"),
                    c -> c.name() + " is no standby"),
            new Rule<>(
                    "its log has left the primary's",
                    c -> c.seen.diverged(c.member).isPresent(),
                    c -> Ruling.refused(
                            c.name(),
                            "bring it back with holdfast rejoin "
                                    + c.member.node().id()),
                    c -> c.name() + " has diverged: "
                            + c.seen.diverged(c.member).orElse("")),
            new Rule<>(
                    "it does not stream",
                    c -> !c.state().equals("streaming") || !c.member.server().receives(),
                    c -> Ruling.refused(
                            c.name(), "wait until it has caught up (holdfast status), or choose another with --to"),
                    c -> c.name() + " does not stream from the primary: its state is " + c.state()),
            new Rule<>(
                    "its replay is paused",
                    c -> c.member.server().isReplayPaused() && !c.overrides("replay-paused"),
                    c -> Ruling.refused(
                            c.name(),
                            "resume it with SELECT pg_wal_replay_resume() on " + c.name()
                                    + ", or promote it nevertheless with --override=replay-paused"),
                    c -> "replay is paused on " + c.name() + ", wanted: not paused"),
            new Rule<>(
                    "it lags too far behind",
                    c -> c.lag() > MOST_LAG && !c.overrides("candidate-lag"),
                    c -> Ruling.refused(
                            c.name(),
                            "wait until it has caught up, or let writes wait for it with --override=candidate-lag"),
                    c -> c.name() + " has " + c.lag() + " bytes still to replay, the limit is " + MOST_LAG),
            new Rule<>(
                    "otherwise",
                    c -> true,
                    c -> Ruling.of(Way.GO, c.name()),
                    c -> c.name() + " streams, is " + c.syncState() + " and has " + c.lag()
                            + " bytes still to replay"));

    private String name() {
        return member.name();
    }

    private boolean overrides(String code) {
        return order.overrides().contains(code);
    }

    private String state() {
        return seen.follower(member).getOrDefault("state", "not connected");
    }

    private String syncState() {
        return seen.follower(member).getOrDefault("sync_state", "async");
    }

    private long lag() {
        return Long.parseLong(seen.follower(member).getOrDefault("lag_bytes", "0"));
    }

    Decision<Ruling> decision() {
        return Rule.decide(TABLE, this);
    }

    boolean isFit() {
        return decision().then().is(Way.GO);
    }

    /** All that may be chosen without being named, the best first: in sync before others, then as declared; never DR. */
    static List<Candidate> all(PostgresSeen seen, Order order) {
        return seen.others()
                .filter(m -> m.member().part() != Part.DR)
                .map(m -> new Candidate(seen, m, order))
                .sorted(Comparator.comparing(c -> rank(c)))
                .toList();
    }

    private static int rank(Candidate candidate) {
        int sync = List.of("sync", "quorum", "potential").indexOf(candidate.syncState());
        return sync < 0 ? 10 + candidate.member.member().part().ordinal() : sync == 1 ? 0 : sync;
    }

    /** The one that is named, or else the best that is fit, or else the best. */
    static Optional<Candidate> chosen(PostgresSeen seen, Order order) {
        if (order.to().isPresent()) {
            return seen.members().stream()
                    .filter(m -> m.name().equals(order.to().get()))
                    .map(m -> new Candidate(seen, m, order))
                    .findFirst();
        }
        List<Candidate> all = all(seen, order);
        return all.stream()
                .filter(Candidate::isFit)
                .findFirst()
                .or(() -> all.stream().findFirst());
    }
}
