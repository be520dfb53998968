package dev.holdfast.mongodb.provision;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.state.HostFiles;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.UndeclaredServer;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans the stop of servers that are not declared. Holdfast stops a server only if no set and no cluster uses it:
 *
 * <ul>
 *   <li>a router: always;
 *   <li>a member that is not in the configuration of its declared set (a configured member leaves the set first);
 *   <li>a member of a shard that the config servers do not list;
 *   <li>a server that is in no set.
 * </ul>
 *
 * Every other server is in use and stays unchanged. If the config servers or the server itself do not answer, Holdfast
 * keeps the server running and reports it. Directories are always kept.
 */
final class UndeclaredServerPlanner {

    private UndeclaredServerPlanner() {}

    static Plan plan(MongoState state) {
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Refusal> unknown = new ArrayList<>();
        for (UndeclaredServer stray : state.undeclaredServers()) {
            if (!stray.up()) {
                notes.add(stray.node().id() + " is no longer declared; its directory "
                        + stray.node().directory() + " on "
                        + stray.node().host().name() + " is kept");
                continue;
            }
            switch (state.undeclaredUse().of(stray)) {
                case NONE -> steps.add(stop(state, stray));
                case UNKNOWN -> unknown.add(unknown(stray));
                default -> {}
            }
        }
        return new Plan(steps, List.of(), notes, unknown);
    }

    private static Refusal unknown(UndeclaredServer stray) {
        String id = stray.node().id();
        return new Refusal(
                id,
                "the server runs and is not declared; "
                        + (stray.hello().isEmpty()
                                ? "the server does not answer"
                                : "the server's set or the config servers do not answer")
                        + ", so Holdfast cannot know whether the server is in use and does not stop it",
                "make the sets of the cluster answer, then holdfast apply",
                ExitCode.UNREACHABLE);
    }

    private static Step stop(MongoState state, UndeclaredServer stray) {
        return Step.on(stray.node().id(), "Stop " + stray.node().id())
                .because("the server runs, is no longer declared and belongs to no set")
                .type(state.server(stray.node()).stop())
                .until(ended(state, stray), Duration.ofSeconds(90));
    }

    private static Condition ended(MongoState state, UndeclaredServer stray) {
        String id = stray.node().id();
        return new Condition("the process of " + id + " has ended", context -> {
            HostFiles files = HostFiles.look(context, state.topology(), state.cluster());
            ActionResult answer = files.answers().get(stray.node().host());
            if (!answer.isOk()) {
                return Condition.notYet(answer.sentence());
            }
            boolean up = files.undeclaredServers().stream()
                    .anyMatch(s -> s.node().id().equals(id) && s.up());
            return new ProbeResult(!up, up ? "the server runs" : "the server has ended");
        });
    }
}
