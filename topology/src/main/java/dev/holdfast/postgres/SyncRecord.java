package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The record of who was in sync and who was primary, kept in every member's folder so that no single host's loss loses it.
 *
 * <p>Invariants: it is weakened before commits are let go and strengthened only after as many standbys were seen in sync,
 * so it never promises more than was true; a host that was away holds an older epoch, and the newest one counts.
 */
final class SyncRecord {

    private static final Duration MOMENT = Duration.ofSeconds(20);

    private final TakeoverTyping typing;
    private final TakeoverUntil until;

    SyncRecord(Topology topology, PostgresCluster cluster) {
        this.typing = new TakeoverTyping(topology, cluster);
        this.until = new TakeoverUntil(new TakeoverProbes(topology, cluster), typing);
    }

    static Optional<HistoryLine> newest(PostgresSeen seen) {
        return seen.members().stream()
                .flatMap(m -> m.disk().history().stream())
                .max(Comparator.comparingLong(HistoryLine::epoch));
    }

    /** What is typed before commits wait for fewer than the record says; nothing when they do not. */
    List<Action> weakened(PostgresSeen seen, MemberSeen primary, String names) {
        Optional<HistoryLine> newest = newest(seen);
        if (newest.isEmpty() || !newest.get().event().equals(HistoryLine.IN_SYNC)) {
            return List.of();
        }
        List<String> now = Commits.parse(names);
        boolean isStronger = now.equals(newest.get().inSync())
                && Commits.count(names) >= Commits.count(newest.get().names());
        return isStronger ? List.of() : notes(seen, line(seen, primary, HistoryLine.OPEN, ""));
    }

    private static HistoryLine line(PostgresSeen seen, MemberSeen primary, String event, String names) {
        long epoch = newest(seen).map(HistoryLine::epoch).orElse(0L) + 1;
        return new HistoryLine(epoch, seen.at(), primary.timeline(), primary.name(), event, names);
    }

    private List<Action> notes(PostgresSeen seen, HistoryLine line) {
        return reachable(seen).stream().map(m -> typing.note(m.node(), line)).toList();
    }

    private static List<MemberSeen> reachable(PostgresSeen seen) {
        return seen.members().stream()
                .filter(m -> !m.isOutOfReach() && m.hasDatabase())
                .toList();
    }

    /** The same, unless whom commits wait for is about to change. */
    Plan plan(PostgresSeen seen, Plan change) {
        return change.isEmpty() ? plan(seen) : Plan.NOTHING;
    }

    /** The act that brings the record to what is true now, on every host that answers. */
    private Plan plan(PostgresSeen seen) {
        if (seen.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        HistoryLine wanted = wanted(seen, seen.primary().get());
        List<Step> steps = new ArrayList<>();
        reachable(seen).stream()
                .filter(m -> m.disk().history().filter(wanted::equals).isEmpty())
                .forEach(m -> steps.add(noted(m, wanted)));
        return Plan.of(steps);
    }

    private static HistoryLine wanted(PostgresSeen seen, MemberSeen primary) {
        String names = primary.server().synchronousNames();
        boolean isAltered = primary.server().altered().containsKey("synchronous_standby_names");
        boolean waits =
                !names.isEmpty() && !isAltered && Commits.written(primary).equals(names);
        boolean isConfirmed = waits && Commits.inSync(primary.server()) >= Commits.count(names);
        Optional<HistoryLine> newest = newest(seen);
        boolean isSame = newest.filter(l -> l.primary().equals(primary.name())
                        && l.timeline() == primary.timeline()
                        && l.event().equals(waits ? HistoryLine.IN_SYNC : HistoryLine.OPEN)
                        && l.names().equals(waits ? names : ""))
                .isPresent();
        if (isSame) {
            return newest.get();
        }
        boolean isOpen = newest.filter(l -> l.primary().equals(primary.name())
                        && l.timeline() == primary.timeline()
                        && l.event().equals(HistoryLine.OPEN))
                .isPresent();
        if (!isConfirmed && isOpen) {
            return newest.get();
        }
        return isConfirmed
                ? line(seen, primary, HistoryLine.IN_SYNC, names)
                : line(seen, primary, HistoryLine.OPEN, "");
    }

    private Step noted(MemberSeen member, HistoryLine line) {
        Node node = member.node();
        String what = line.event().equals(HistoryLine.IN_SYNC)
                ? "commits wait for " + line.names()
                : "commits may wait for nobody";
        return Step.on(node.id(), "Note at " + node.name() + " that " + what)
                .because("a later failover must know who was in sync, and its record there says "
                        + member.disk()
                                .history()
                                .map(h -> h.event() + " " + h.names() + " of " + h.at())
                                .orElse("nothing yet"))
                .type(typing.note(node, line))
                .until(
                        until.disk(
                                member.member(),
                                "the record of " + node.name() + " says so",
                                m -> m.disk().history().filter(line::equals).isPresent(),
                                m -> m.disk().marks().getOrDefault("history", "no record")),
                        MOMENT);
    }

    /** After a failover, until it is on record: who took over on which timeline. */
    Plan failover(PostgresSeen seen) {
        if (seen.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberSeen primary = seen.primary().get();
        boolean wasFailover = seen.members().stream()
                .filter(m -> m != primary)
                .flatMap(m -> m.disk().fence().stream())
                .anyMatch(f -> !f.isSwitchover() && f.timeline() < primary.timeline());
        boolean isNoted = seen.members().stream()
                .flatMap(m -> Optional.ofNullable(m.disk().marks().get("took")).flatMap(HistoryLine::of).stream())
                .anyMatch(l -> l.timeline() == primary.timeline() && l.primary().equals(primary.name()));
        if (!wasFailover || isNoted) {
            return Plan.NOTHING;
        }
        HistoryLine line = line(seen, primary, HistoryLine.FAILOVER, "");
        return Plan.of(reachable(seen).stream().map(m -> took(m, line)).toList());
    }

    private Step took(MemberSeen member, HistoryLine line) {
        Node node = member.node();
        return Step.on(node.id(), "Note at " + node.name() + " that " + line.primary() + " took over")
                .because("it is primary on timeline " + line.timeline() + " by a failover")
                .type(typing.note(node, line))
                .until(
                        until.disk(
                                member.member(),
                                "the record of " + node.name() + " says so",
                                m -> m.disk().marks().getOrDefault("took", "").equals(line.line()),
                                m -> m.disk().marks().getOrDefault("took", "no failover on record")),
                        MOMENT);
    }
}
