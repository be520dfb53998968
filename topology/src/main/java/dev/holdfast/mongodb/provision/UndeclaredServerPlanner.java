package dev.holdfast.mongodb.provision;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.state.HostFiles;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.UndeclaredServer;
import dev.holdfast.mongodb.state.UndeclaredServerUse;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers that are not declared. One is stopped only when it is known that no set and no cluster needs it:
 *
 * <ul>
 *   <li>a router: always;
 *   <li>a member that the primary of its declared set does not have in its configuration (one that it has leaves first);
 *   <li>a member of a shard that the config servers do not list;
 *   <li>a server that is in no set.
 * </ul>
 *
 * Every other one is in use: then nothing is done at all. Where the config servers or the server itself cannot be asked, it
 * goes on running and that is reported. Directories are always kept.
 */
final class UndeclaredServerPlanner {

    private UndeclaredServerPlanner() {}

    static Plan plan(MongoState state) {
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Refusal> unknown = new ArrayList<>();
        for (UndeclaredServer stray : state.strays()) {
            if (!stray.up()) {
                notes.add(stray.node().id() + " is declared no more; its directory "
                        + stray.node().directory() + " on "
                        + stray.node().host().name() + " is kept");
                continue;
            }
            switch (UndeclaredServerUse.of(state, stray)) {
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
                "it runs and is not declared; "
                        + (stray.hello().isEmpty()
                                ? "it does not answer"
                                : "its set or the config servers do not answer")
                        + ", so it is not known whether it is in use, and it is not stopped",
                "make the sets of the cluster answer, then holdfast apply",
                ExitCode.UNREACHABLE);
    }

    private static Step stop(MongoState state, UndeclaredServer stray) {
        return Step.on(stray.node().id(), "Stop " + stray.node().id())
                .because("it runs, is declared no more and is no member of any set")
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
            boolean up = files.strays().stream().anyMatch(s -> s.node().id().equals(id) && s.up());
            return new ProbeResult(!up, up ? "it lives" : "it has ended");
        });
    }
}
