package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Draft;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The act that gives every server its directory and has it running; one lane per server.
 *
 * <p>Routers are started here and waited for later: a mongos listens only when it has found the config servers.
 */
final class Processes {

    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private Processes() {}

    static Plan plan(MongoSeen seen) {
        List<Step> steps = seen.servers()
                .filter(n -> !n.isFenced() && !n.isOutOfReach())
                .filter(n -> seen.isReached() || n.footing().ground() == Ground.OURS)
                .map(n -> step(seen, n))
                .flatMap(Optional::stream)
                .toList();
        List<String> fenced = seen.servers()
                .filter(NodeSeen::isFenced)
                .map(n -> n.node().id() + " is fenced (" + n.files().fenced() + "); holdfast rejoin "
                        + n.node().id() + " brings it back")
                .toList();
        return new Plan(steps, List.of(), fenced);
    }

    private static Optional<Step> step(MongoSeen seen, NodeSeen server) {
        if (server.answers() || server.isRouter() && server.footing().isUp()) {
            return Optional.empty();
        }
        String id = server.node().id();
        if (server.footing().isUp()) {
            return Optional.of(Step.on(id, "Wait until " + id + " answers")
                    .because("its process lives and does not answer on "
                            + server.node().endpoint())
                    .until(MongoUntil.answers(server.node()), PATIENCE));
        }
        String program = server.isRouter() ? "mongos" : "mongod";
        Draft start = Step.on(
                        id,
                        "Start " + program + " " + id + " on " + server.node().endpoint())
                .because(because(server))
                .type(seen.server(server.node()).start());
        return Optional.of(
                server.isRouter()
                        ? start.until(MongoUntil.runs(seen.estate(), server.node()), PATIENCE)
                        : start.until(MongoUntil.answers(server.node()), PATIENCE));
    }

    private static String because(NodeSeen server) {
        return server.footing().ground() == Ground.ABSENT
                ? "its directory " + server.node().directory() + " is not there"
                : "its process is gone";
    }
}
