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
import java.util.stream.Collectors;

/** A planned change of the primary, as it stands now: what is seen, and what a person asks for. */
record SwitchoverCase(TakeoverSeen seen, Order order) {

    static final List<Rule<SwitchoverCase, Ruling>> TABLE = List.of(
            new Rule<>(
                    "two members are primary",
                    c -> c.now().primaries().size() > 1,
                    c -> Ruling.refused("", "see holdfast plan: one of them must be stopped first"),
                    c -> "two primaries, a split brain: "
                            + c.now().primaries().stream().map(MemberSeen::name).collect(Collectors.joining(", "))),
            new Rule<>(
                    "--to names no member",
                    c -> c.order.to().isPresent()
                            && c.seen.member(c.order.to().get()).isEmpty(),
                    c -> Ruling.refused(Exit.USAGE, "", "the members are: " + c.names()),
                    c -> "--to " + c.order.to().orElse("") + ": no member is called that"),
            new Rule<>(
                    "another than the one that was left is primary, or the one that is wanted",
                    SwitchoverCase::isHandedOver,
                    c -> Ruling.of(Way.FINISH, c.primary().orElseThrow().name()),
                    c -> c.primary().orElseThrow().name() + " is primary on timeline "
                            + c.primary().orElseThrow().timeline()),
            new Rule<>(
                    "the primary has stopped for a handover, and a standby has all of its log",
                    c -> c.stopped().isPresent() && c.heir().isPresent(),
                    c -> Ruling.of(Way.GO, c.heir().orElseThrow().name()),
                    c -> c.stopped().orElseThrow().name() + " has stopped, its last record begins at " + c.lastRecord()
                            + ", and " + c.heir().orElseThrow().name() + " has log up to "
                            + c.heir().orElseThrow().server().end()),
            new Rule<>(
                    "the primary has stopped for a handover, and no standby is known to have all of its log",
                    c -> c.stopped().isPresent(),
                    c -> Ruling.of(Way.TAKE_BACK, c.stopped().orElseThrow().name()),
                    c -> c.stopped().orElseThrow().name() + " has stopped for a handover, its last record begins at "
                            + c.lastRecord() + ", and no standby that may follow it is known to have it"),
            new Rule<>(
                    "no primary answers",
                    c -> c.primary().isEmpty(),
                    c -> Ruling.refused(Exit.UNREACHABLE, "", "holdfast failover tells what can be done without it"),
                    c -> "no primary answers, so nothing can be handed over"),
            new Rule<>(
                    "this run has stopped the primary before, and taken that back",
                    SwitchoverCase::isTakenBack,
                    c -> Ruling.refused("", "find out why it did not end in time, then run holdfast switchover again"),
                    c -> "the handover was taken back: "
                            + c.primary().orElseThrow().name() + " is primary as before and takes writes"),
            new Rule<>(
                    "the primary's host does not answer",
                    c -> c.primary().orElseThrow().isOutOfReach(),
                    c -> Ruling.refused(Exit.UNREACHABLE, "", "make the host answer: the primary is stopped there"),
                    c -> "the host of " + c.primary().orElseThrow().name() + " does not answer: "
                            + c.primary().orElseThrow().hostTrouble()),
            new Rule<>(
                    "only disaster-recovery copies are left, and none is named",
                    c -> c.candidate().isEmpty() && c.hasDisasterRecovery(),
                    c -> Ruling.refused("", "name it with --to NAME if that is what you want"),
                    c -> "no standby is declared but disaster-recovery copies, which are never chosen by themselves"),
            new Rule<>(
                    "there is nobody",
                    c -> c.candidate().isEmpty(),
                    c -> Ruling.refused("", "declare a standby in the topology, then holdfast apply"),
                    c -> "there is no other member"),
            new Rule<>(
                    "the candidate is not fit",
                    c -> !c.candidate().orElseThrow().isFit(),
                    c -> c.candidate().orElseThrow().decision().then(),
                    SwitchoverCase::whyNobody),
            new Rule<>(
                    "otherwise",
                    c -> true,
                    c -> Ruling.of(Way.GO, c.candidate().orElseThrow().member().name()),
                    c -> c.candidate().orElseThrow().decision().because()));

    PostgresSeen now() {
        return seen.now();
    }

    Decision<Ruling> decision() {
        return Rule.decide(TABLE, this);
    }

    Optional<MemberSeen> primary() {
        return now().primary();
    }

    Optional<Candidate> candidate() {
        return Candidate.chosen(now(), order);
    }

    private String names() {
        return now().members().stream().map(MemberSeen::name).collect(Collectors.joining(", "));
    }

    private boolean hasDisasterRecovery() {
        return now().others().anyMatch(m -> m.member().part() == Part.DR);
    }

    private boolean isHandedOver() {
        return primary()
                .filter(p -> order.to().filter(p.name()::equals).isPresent()
                        || seen.leaving()
                                .filter(l -> !l.name().equals(p.name()))
                                .isPresent()
                        || isUnfinished(p))
                .isPresent();
    }

    private boolean isTakenBack() {
        String started = seen.leaving().map(TakeoverSeen.Leaving::started).orElse("");
        return !started.isEmpty()
                && !started.equals(primary().orElseThrow().server().started());
    }

    /** A run before this one was ended between the promotion and the return of the old primary. */
    private boolean isUnfinished(MemberSeen primary) {
        return order.to().isEmpty()
                && now().members().stream()
                        .filter(m -> !m.isUp())
                        .flatMap(m -> m.disk().fence().stream())
                        .anyMatch(f -> f.isSwitchover() && f.timeline() < primary.timeline());
    }

    /** The old primary that has stopped for a handover, while nobody is primary yet. */
    Optional<MemberSeen> stopped() {
        return primary().isPresent()
                ? Optional.empty()
                : seen.lost()
                        .filter(m -> m.isDown()
                                && m.disk().fence().filter(Fence::isSwitchover).isPresent());
    }

    private String lastRecord() {
        return stopped()
                .map(MemberSeen::disk)
                .map(d -> d.control().get("checkpoint_lsn"))
                .orElse("?");
    }

    /** Who takes over: has all of the stopped primary's log, and is named, or prepared, or the first that may. */
    Optional<MemberSeen> heir() {
        Optional<MemberSeen> from = stopped();
        if (from.isEmpty()) {
            return Optional.empty();
        }
        String prepared = from.get().disk().fence().map(Fence::to).orElse("");
        return seen.standbys().stream()
                .filter(s -> hasAll(s, from.get()))
                .filter(s -> order.to().map(s.name()::equals).orElse(true))
                .filter(s -> s.member().part() != Part.DR
                        || s.name().equals(prepared)
                        || order.to().isPresent())
                .min(Comparator.comparing(s -> s.name().equals(prepared) ? 0 : 1));
    }

    /** The record that a clean stop ends with begins at the checkpoint's position, so its end must be past that. */
    static boolean hasAll(MemberSeen standby, MemberSeen stopped) {
        String checkpoint = stopped.disk().control().getOrDefault("checkpoint_lsn", "");
        return stopped.isDown()
                && stopped.disk().control().getOrDefault("state", "").equals("shut down")
                && !checkpoint.isEmpty()
                && standby.timeline() == stopped.disk().timeline()
                && standby.server().end().isPast(Wal.at(checkpoint));
    }

    private String whyNobody() {
        if (order.to().isPresent()) {
            return candidate().orElseThrow().decision().because();
        }
        return Candidate.all(now(), order).stream()
                .map(c -> c.decision().because())
                .collect(Collectors.joining("; "));
    }
}
