package dev.holdfast.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A saved plan: writes it, and refuses to apply it when the steps of the current plan differ. The same desired and observed
 * states give the same steps, so any difference means that one has changed.
 */
public final class PlanFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanFile() {}

    public static Map<String, Object> of(Topology topology, List<Runbook.Planned> plans) {
        Map<String, Object> data = ResultData.result("plan", topology.name());
        data.put("stages", plans.stream().map(ResultData::of).toList());
        return data;
    }

    /**
     * Returns the same runbooks, each of which is refused before a change when its first plan is not the saved plan.
     *
     * @throws HoldfastException REFUSED when the file is not a plan of this estate
     */
    public static List<Runbook<?>> checked(Path file, Topology topology, List<Runbook<?>> runbooks) {
        JsonNode saved = read(file);
        if (!saved.path("estate").asText().equals(topology.name())) {
            throw new HoldfastException(
                    ExitCode.REFUSED,
                    file.toString(),
                    "this is a plan of the estate " + saved.path("estate").asText() + ", and the topology declares "
                            + topology.name() + ". Nothing was changed",
                    "give the topology file of that estate with -f, or create a plan with: holdfast plan --out "
                            + file);
        }
        return runbooks.stream()
                .<Runbook<?>>map(r -> r.checkedBy(plans -> mustBeSame(
                        file, stages(saved, r.cluster()), stages(parsed(file, json(topology, plans)), r.cluster()))))
                .toList();
    }

    private static String json(Topology topology, List<Runbook.Planned> plans) {
        return ResultData.json(of(topology, plans));
    }

    /** Returns the stages of a cluster that have steps; what else a plan reports has no effect on what is done. */
    private static List<JsonNode> stages(JsonNode plan, String cluster) {
        List<JsonNode> stages = new ArrayList<>();
        plan.path("stages").forEach(stage -> {
            if (stage.path("cluster").asText().equals(cluster)
                    && stage.path("steps").size() > 0) {
                stages.add(stage);
            }
        });
        return stages;
    }

    private static void mustBeSame(Path file, List<JsonNode> saved, List<JsonNode> now) {
        List<JsonNode> was = steps(saved);
        List<JsonNode> is = steps(now);
        if (was.equals(is)) {
            return;
        }
        StringBuilder moved = new StringBuilder(
                "the saved plan is out of date: the observed or the declared state has changed. Nothing was changed");
        Set<String> before = names(was);
        Set<String> after = names(is);
        before.stream()
                .filter(s -> !after.contains(s))
                .forEach(s -> moved.append("\n    no longer planned: ").append(s));
        after.stream()
                .filter(s -> !before.contains(s))
                .forEach(s -> moved.append("\n    now planned:       ").append(s));
        if (before.equals(after)) {
            is.stream()
                    .filter(s -> !was.contains(s))
                    .forEach(s -> moved.append("\n    other actions:     ").append(name(s)));
        }
        throw new HoldfastException(
                ExitCode.REFUSED,
                file.toString(),
                moved.toString(),
                "run holdfast plan --out again, read the plan, and apply it");
    }

    private static List<JsonNode> steps(List<JsonNode> stages) {
        List<JsonNode> steps = new ArrayList<>();
        stages.forEach(stage -> stage.path("steps").forEach(steps::add));
        return steps;
    }

    private static Set<String> names(List<JsonNode> steps) {
        return steps.stream().map(PlanFile::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String name(JsonNode step) {
        return step.path("target").asText() + "  " + step.path("title").asText() + " because "
                + step.path("because").asText();
    }

    private static JsonNode read(Path file) {
        try {
            JsonNode plan = parsed(file, Files.readString(file));
            if (plan.path("kind").asText().equals("plan")) {
                return plan;
            }
        } catch (IOException unreadable) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    file.toString(),
                    Files.exists(file)
                            ? "the plan cannot be read: " + unreadable.getMessage()
                            : "there is no such file",
                    "give the file that holdfast plan --out has written");
        }
        throw notAPlan(file);
    }

    private static JsonNode parsed(Path file, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw notAPlan(file);
        }
    }

    private static HoldfastException notAPlan(Path file) {
        return new HoldfastException(
                ExitCode.REFUSED,
                file.toString(),
                "this file is not a plan",
                "create one with: holdfast plan --out " + file);
    }
}
