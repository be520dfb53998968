package dev.holdfast.postgres;

import dev.holdfast.model.Exit;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.postgres.Ruling.Way;
import java.util.List;
import java.util.Optional;

/** The return of a member that was left behind, as it stands now. */
record RejoinCase(TakeoverSeen seen, String name) {

    static final List<Rule<RejoinCase, Ruling>> TABLE = List.of(
            new Rule<>(
                    "no member is called that",
                    c -> c.seen.member(c.name).isEmpty(),
                    c -> Ruling.refused(Exit.USAGE, "", "holdfast status names the members"),
                    c -> c.name.isEmpty() ? "which member?" : c.name + ": no member is called that"),
            new Rule<>(
                    "it is primary",
                    c -> c.member().isPrimary() && c.seen.now().primaries().size() == 1,
                    c -> Ruling.of(Way.FINISH, c.name),
                    c -> c.name + " is primary"),
            new Rule<>(
                    "it is primary still, and another was promoted in its place",
                    c -> c.successor().isPresent(),
                    c -> Ruling.of(Way.FENCE, c.name),
                    c -> c.name + " is primary on timeline " + c.member().timeline() + ", and "
                            + c.successor().orElseThrow().name() + " was promoted since and left that timeline at "
                            + c.successor()
                                    .orElseThrow()
                                    .server()
                                    .leftTimelineAt(c.member().timeline())),
            new Rule<>(
                    "there is not exactly one primary",
                    c -> c.seen.now().primary().isEmpty(),
                    c -> Ruling.refused(
                            c.seen.now().primaries().isEmpty() ? Exit.UNREACHABLE : Exit.REFUSED,
                            "",
                            "a primary that answers is needed first: holdfast failover"),
                    c -> c.seen.now().primaries().isEmpty() ? "no primary answers" : "two primaries, a split brain"),
            new Rule<>(
                    "its host does not answer",
                    c -> c.member().isOutOfReach(),
                    c -> Ruling.refused(Exit.UNREACHABLE, c.name, "make the host answer"),
                    c -> "the host of " + c.name + " does not answer: "
                            + c.member().hostTrouble()),
            new Rule<>(
                    "its process is there, and it does not answer",
                    c -> !c.member().isUp() && !c.member().isDown(),
                    c -> Ruling.refused(c.name, "stop it, or wait until it answers"),
                    c -> c.name + " neither answers nor has ended: "
                            + c.member().answer().sentence()),
            new Rule<>(
                    "a rewind was begun and has not ended, or what only it has could not be read",
                    c -> c.member().disk().notToBeRewound().isPresent(),
                    c -> Ruling.of(Way.CLONE, c.name),
                    c -> c.member().disk().notToBeRewound().orElse("")),
            new Rule<>(
                    "it has no database",
                    c -> !c.member().hasDatabase(),
                    c -> Ruling.of(Way.CLONE, c.name),
                    c -> c.name + " has no database"),
            new Rule<>(
                    "its system identifier is another one",
                    c -> !c.member().systemIdentifier().equals(c.primary().systemIdentifier()),
                    c -> Ruling.refused(c.name, "it is a member of another cluster: move its folder away"),
                    c -> c.name + " has system identifier " + c.member().systemIdentifier() + ", and "
                            + c.primary().name() + " has " + c.primary().systemIdentifier()),
            new Rule<>(
                    "it follows",
                    c -> c.member().isUp()
                            && c.seen.now().follows(c.member())
                            && c.seen.now().diverged(c.member()).isEmpty(),
                    c -> Ruling.of(Way.FINISH, c.name),
                    c -> c.name + " follows " + c.primary().name()),
            new Rule<>(
                    "it ended where the new primary began, or before",
                    c -> c.left().isEmpty(),
                    c -> Ruling.of(Way.FOLLOW, c.name),
                    c -> c.name + " has no log that " + c.primary().name() + " does not have"),
            new Rule<>(
                    "otherwise",
                    c -> true,
                    c -> Ruling.of(Way.REWIND, c.name),
                    c -> c.left().orElse("")));

    Decision<Ruling> decision() {
        return Rule.decide(TABLE, this);
    }

    MemberSeen member() {
        return seen.member(name).orElseThrow();
    }

    /** The other primary, when it descends from this one's timeline. */
    Optional<MemberSeen> successor() {
        List<MemberSeen> primaries = seen.now().primaries();
        return primaries.size() != 2 || !member().isPrimary()
                ? Optional.empty()
                : primaries.stream()
                        .filter(p -> !p.name().equals(name))
                        .filter(p -> p.systemIdentifier().equals(member().systemIdentifier()))
                        .filter(p -> p.timeline() > member().timeline()
                                && !p.server()
                                        .leftTimelineAt(member().timeline())
                                        .equals(Wal.START))
                        .findFirst();
    }

    private MemberSeen primary() {
        return seen.now().primary().orElseThrow();
    }

    private Optional<String> left() {
        return left(seen.now(), member());
    }

    /**
     * What log a member has that the primary does not have; empty when it has none. A primary that stopped cleanly ends with
     * its checkpoint; one that crashed may have written more than its control file tells, so it counts as having left.
     */
    static Optional<String> left(PostgresSeen now, MemberSeen member) {
        if (!member.wasPrimary()) {
            return now.diverged(member);
        }
        MemberSeen primary = now.primary().orElseThrow();
        String state = member.disk().control().getOrDefault("state", "");
        Wal checkpoint = Wal.at(member.disk().control().getOrDefault("checkpoint_lsn", ""));
        int timeline = member.timeline();
        Wal fork = primary.server().leftTimelineAt(timeline);
        if (timeline < primary.timeline() && state.equals("shut down") && fork.isPast(checkpoint)) {
            return Optional.empty();
        }
        return Optional.of(member.name() + " was primary on timeline " + timeline + " and is '" + state
                + "' with its last checkpoint at " + checkpoint + "; " + primary.name() + " left that timeline at "
                + fork);
    }
}
