package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.mongodb.MongoCluster.Member;
import dev.holdfast.mongodb.SetShape.MemberShape;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.world.State;
import java.util.List;
import java.util.Optional;

/**
 * All that the decision about a rejoin depends on.
 *
 * @param set as people name it
 * @param name of the member that shall come back
 * @param names of all declared members
 * @param standing how it stands; empty when no such member is declared
 * @param process UP or DOWN as its host says, SILENT when that does not answer
 * @param ground whose its directory is
 * @param primary of the set it shall come back to
 * @param traces what its directory tells
 * @param differs how the set's configuration has it otherwise than declared
 */
record RejoinCase(
        String set,
        String name,
        List<String> names,
        Optional<Standing> standing,
        State process,
        Ground ground,
        Optional<Standing> primary,
        Traces traces,
        List<String> differs) {

    private static final long CAUGHT_UP_SECONDS = 10;

    static RejoinCase of(RoleSeen seen, String name) {
        SetSeen set = seen.set();
        List<Standing> all = Standing.of(set);
        Optional<NodeSeen> server =
                set.members().stream().filter(n -> n.node().name().equals(name)).findFirst();
        Optional<Standing> standing =
                all.stream().filter(s -> s.name().equals(name)).findFirst();
        return new RejoinCase(
                ReplicaSets.lane(seen.mongo(), set),
                name,
                set.members().stream().map(n -> n.node().name()).toList(),
                server.isPresent() ? standing : Optional.empty(),
                server.map(n -> n.footing().process()).orElse(State.SILENT),
                server.map(n -> n.footing().ground()).orElse(Ground.UNKNOWN),
                set.primary()
                        .flatMap(p -> all.stream()
                                .filter(s -> s.node().equals(p.node()))
                                .findFirst()),
                server.map(n -> seen.traces(n.node())).orElse(Traces.NONE),
                server.map(n -> differs(set, n)).orElse(List.of()));
    }

    private static List<String> differs(SetSeen set, NodeSeen server) {
        Member wanted = set.wanted().members().stream()
                .filter(m -> m.node().equals(server.node()))
                .findFirst()
                .orElseThrow();
        return set.config().docs("members").stream()
                .filter(m -> m.text("host").equals(server.node().endpoint()))
                .findFirst()
                .map(m -> MemberShape.of(m).against(MemberShape.of(wanted)))
                .orElse(List.of());
    }

    /** Only for rows below the one that asks whether there is any. */
    Standing member() {
        return standing.orElseThrow();
    }

    Standing lead() {
        return primary.orElseThrow();
    }

    boolean isPrimary() {
        return standing.isPresent() && standing.equals(primary);
    }

    /** It takes itself for the primary of a configuration that the set has left. */
    boolean isStalePrimary() {
        return member().isPrimary() && !isPrimary();
    }

    boolean isDown() {
        return !member().isUp() && process == State.DOWN;
    }

    /** A member shows SECONDARY before it rolls back: only what it has of the primary's term tells that it has done so. */
    boolean isAtWork() {
        Standing member = member();
        if (member.isArbiter()) {
            return member.role().equals("arbiter");
        }
        return member.isSecondary()
                && member.applied().term() >= lead().applied().term()
                && member.lag() <= CAUGHT_UP_SECONDS;
    }

    boolean isBroken() {
        return !traces.broken().isEmpty() && !isAtWork();
    }

    boolean isFenced() {
        return !traces.fenced().isEmpty();
    }

    Refusal refusal(String because, Ruling ruling) {
        return new Refusal(set + "/" + name, because, ruling.hint(), ruling.exit());
    }
}
