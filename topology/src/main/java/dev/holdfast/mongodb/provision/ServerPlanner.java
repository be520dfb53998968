package dev.holdfast.mongodb.provision;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.EmptyMembers;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Builder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The stage that creates the directory of every server and starts the server; one lane per server.
 *
 * <p>Routers are started here. A later stage waits for them, because a mongos listens only after it has reached the
 * config servers.
 */
final class ServerPlanner {

    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private ServerPlanner() {}

    static Plan plan(MongoState state) {
        List<Step> steps = state.servers()
                .filter(n -> !n.isFenced() && !n.isBroken() && !n.isOutOfReach())
                .filter(n -> !isHeld(state, n))
                .filter(n -> state.isReached() || n.hostFacts().directoryOwner() == DirectoryOwner.OURS)
                .map(n -> step(state, n))
                .flatMap(Optional::stream)
                .toList();
        return new Plan(steps, List.of(), List.of(), EmptyMembers.held(state)).and(Plan.missing(broken(state)));
    }

    /** Returns members that end again and again; a rejoin sets their data aside. */
    private static List<Refusal> broken(MongoState state) {
        return state.servers()
                .filter(n -> n.isBroken() && !n.isFenced())
                .map(n -> new Refusal(
                        n.node().id(),
                        "the server has ended, and Holdfast does not start the member: "
                                + n.files().broken(),
                        "holdfast rejoin " + n.node().id(),
                        ExitCode.INCOMPLETE))
                .toList();
    }

    private static boolean isHeld(MongoState state, NodeState server) {
        return state.sets().stream()
                .filter(s -> s.members().contains(server))
                .anyMatch(s -> EmptyMembers.isHeld(s, server));
    }

    private static Optional<Step> step(MongoState state, NodeState server) {
        boolean isFrozen =
                server.hostFacts().isUp() && !server.hostFacts().reason().isEmpty();
        if (server.answers()
                || isFrozen
                || server.errorRemedy().isPresent()
                || server.isRouter() && server.hostFacts().isUp()) {
            return Optional.empty();
        }
        String id = server.node().id();
        if (server.hostFacts().isUp()) {
            return Optional.of(Step.on(id, "Wait until " + id + " answers")
                    .because(server.node().name() + " does not answer: " + server.silence())
                    .until(ClusterConditions.answers(server.node()), PATIENCE));
        }
        String program = server.isRouter() ? "mongos" : "mongod";
        Builder start = Step.on(
                        id,
                        "Start " + program + " " + id + " on " + server.node().endpoint())
                .because(because(state, server))
                .type(state.server(server.node()).start());
        return Optional.of(
                server.isRouter()
                        ? start.until(ClusterConditions.runs(state.estate(), server.node()), PATIENCE)
                        : start.until(ClusterConditions.answers(server.node()), PATIENCE));
    }

    private static String because(MongoState state, NodeState server) {
        boolean copies = state.sets().stream().anyMatch(s -> s.members().contains(server) && s.isInitiated());
        if (copies && server.isEmptied()) {
            return "the data directory " + server.node().data()
                    + " is empty: the member copies all data from its replica set (initial sync)";
        }
        return server.hostFacts().directoryOwner() == DirectoryOwner.ABSENT
                ? "the directory " + server.node().directory() + " does not exist"
                : "the process has exited";
    }
}
