package dev.holdfast.postgres.simulation;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.plan.Runbook;
import dev.holdfast.postgres.FakePostgres;
import dev.holdfast.postgres.FakeServer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A guard of the product that is taken away: a row of a decision table, a stage, an observation, or the effect of an action.
 * The simulation must find each.
 */
class PlantedFault {

    private Set<String> overrides = Set.of();
    private boolean isLossAccepted;
    private Set<String> stages = Set.of();
    private BiFunction<Action, ActionResult, ActionResult> observed = (action, result) -> result;

    static PlantedFault none() {
        return new PlantedFault();
    }

    /** The rows that these codes override never refuse. */
    static PlantedFault withoutRows(String... codes) {
        PlantedFault fault = new PlantedFault();
        fault.overrides = Set.of(codes);
        return fault;
    }

    /** The row that refuses a loss never refuses. */
    static PlantedFault withoutConsent() {
        PlantedFault fault = new PlantedFault();
        fault.isLossAccepted = true;
        return fault;
    }

    /** @param names of stages, each as VERB/STAGE */
    static PlantedFault withoutStages(String... names) {
        PlantedFault fault = new PlantedFault();
        fault.stages = Set.of(names);
        return fault;
    }

    /** Marks of these kinds are never observed. */
    static PlantedFault withoutMarks(String... kinds) {
        List<String> hidden =
                Arrays.stream(kinds).map(k -> "\"kind\":\"" + k + "\"").toList();
        return changing(".sh", line -> hidden.stream().anyMatch(line::contains) ? "" : line);
    }

    /** @param script the end of the names of the scripts whose output is changed, line by line */
    static PlantedFault changing(String script, UnaryOperator<String> change) {
        PlantedFault fault = new PlantedFault();
        fault.observed = (action, result) -> action.script().file().endsWith(script) && result.isOk()
                ? ActionResult.ok(changed(result.text(), change))
                : result;
        return fault;
    }

    /** Rows of this answer of servers are changed. */
    static PlantedFault answering(boolean isStandby, String key, Object value) {
        PlantedFault fault = new PlantedFault();
        fault.observed = (action, result) -> {
            if (!(action instanceof Action.RunSql) || !result.isOk()) {
                return result;
            }
            result.rows().stream()
                    .filter(r -> key.equals(r.get("key")) && isOfStandby(result) == isStandby)
                    .forEach(r -> r.put("value", value));
            return result;
        };
        return fault;
    }

    private static boolean isOfStandby(ActionResult result) {
        return result.rows().stream()
                .anyMatch(r -> "standby".equals(r.get("key"))
                        && Boolean.TRUE.toString().equals(String.valueOf(r.get("value"))));
    }

    private static String changed(String text, UnaryOperator<String> change) {
        List<String> lines = text.lines()
                .filter(l -> !l.startsWith("{\"t\":\"end\""))
                .map(change)
                .filter(l -> !l.isEmpty())
                .toList();
        return lines.stream().collect(Collectors.joining("\n")) + "\n{\"t\":\"end\",\"records\":" + (lines.size() - 1)
                + "}\n";
    }

    RoleChangeRequest request(RoleChangeRequest request) {
        Set<String> all = new TreeSet<>(request.overrides());
        all.addAll(overrides);
        return new RoleChangeRequest(request.group(), request.to(), request.acceptDataLoss() || isLossAccepted, all);
    }

    <S extends ClusterState> Runbook<S> runbook(String verb, Runbook<S> runbook) {
        return stages.isEmpty()
                ? runbook
                : new Runbook<>(
                        runbook.cluster(),
                        runbook.title(),
                        runbook.look(),
                        runbook.stages().stream()
                                .filter(a -> !stages.contains(verb + "/" + a.name()))
                                .toList());
    }

    ActionResult observed(Action action, ActionResult result) {
        return observed.apply(action, result);
    }

    boolean isIgnored(Action action) {
        return false;
    }

    ActionResult pretended(Action action, FakePostgres fake) {
        return ActionResult.ok("");
    }

    /** A fence that does nothing, on a host that reports the opposite: the candidate is promoted while the old primary runs. */
    static final class Unfenced extends PlantedFault {

        private final Set<String> fenced = new HashSet<>();

        @Override
        boolean isIgnored(Action action) {
            return action.script().file().equals("postgres/fence.sh") || isRead(action);
        }

        private boolean isRead(Action action) {
            return action instanceof Action.RunSql sql
                    && fenced.contains(sql.node().id());
        }

        @Override
        ActionResult pretended(Action action, FakePostgres fake) {
            if (isRead(action)) {
                return ActionResult.silent("connection refused");
            }
            String directory = action.script().values().get("directory").toString();
            fenced.add("payments/servers/" + directory.split("/")[2]);
            fake.servers
                    .get(directory)
                    .marks
                    .put("fence", action.script().values().get("mark").toString());
            return ActionResult.ok("");
        }

        @Override
        ActionResult observed(Action action, ActionResult result) {
            if (isRead(action)) {
                return ActionResult.silent("connection refused");
            }
            if (!action.script().file().endsWith("look.sh") || !result.isOk()) {
                return result;
            }
            return ActionResult.ok(changed(result.text(), this::asFenced));
        }

        private String asFenced(String line) {
            boolean isFenced = fenced.stream().anyMatch(id -> line.contains("\"id\":\"" + id + "\""));
            return isFenced && line.startsWith("{\"t\":\"node\"")
                    ? line.replace("\"process\":\"up\"", "\"process\":\"down\"")
                            .replace("\"port\":\"taken\"", "\"port\":\"free\"")
                    : line;
        }
    }

    /** An action that says that it is done, and does nothing but its marks. */
    static final class Idle extends PlantedFault {

        private final String script;
        private final BiConsumer<Action, FakeServer> marks;

        Idle(String script, BiConsumer<Action, FakeServer> marks) {
            this.script = script;
            this.marks = marks;
        }

        @Override
        boolean isIgnored(Action action) {
            return action.script().file().equals(script);
        }

        @Override
        ActionResult pretended(Action action, FakePostgres fake) {
            marks.accept(action, fake.servers.get(action.script().values().get("directory")));
            return ActionResult.ok("");
        }
    }
}
