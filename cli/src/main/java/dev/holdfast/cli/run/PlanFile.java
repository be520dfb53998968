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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A saved plan: writes it, and refuses to apply it when the current plan differs. The same desired and observed states
 * give the same file, so any difference means that one has changed.
 */
public final class PlanFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanFile() {}

    public static Map<String, Object> of(Topology topology, List<Runbook.Planned> plans) {
        Map<String, Object> data = ResultData.result("plan", topology.name());
        data.put("stages", plans.stream().map(ResultData::of).toList());
        return data;
    }

    /** @throws HoldfastException REFUSED with the differences, when the current plan is not the saved plan */
    public static void mustStillHold(Path file, Topology topology, List<Runbook.Planned> plans) {
        JsonNode saved = read(file);
        JsonNode now = parsed(file, ResultData.json(of(topology, plans)));
        if (saved.equals(now)) {
            return;
        }
        Set<String> was = steps(saved);
        Set<String> is = steps(now);
        StringBuilder moved = new StringBuilder(
                "the saved plan is out of date: the observed or the declared state has changed. Nothing was changed");
        was.stream()
                .filter(s -> !is.contains(s))
                .forEach(s -> moved.append("\n    no longer planned: ").append(s));
        is.stream()
                .filter(s -> !was.contains(s))
                .forEach(s -> moved.append("\n    now planned:       ").append(s));
        throw new HoldfastException(
                ExitCode.REFUSED,
                file.toString(),
                moved.toString(),
                "run holdfast plan --out again, read the plan, and apply it");
    }

    private static Set<String> steps(JsonNode plan) {
        Set<String> steps = new LinkedHashSet<>();
        plan.path("stages")
                .forEach(stage -> stage.path("steps")
                        .forEach(s -> steps.add(s.path("target").asText() + "  "
                                + s.path("title").asText() + " because "
                                + s.path("because").asText())));
        return steps;
    }

    private static JsonNode read(Path file) {
        try {
            JsonNode plan = parsed(file, Files.readString(file));
            if (plan.path("kind").asText().equals("plan")) {
                return plan;
            }
        } catch (IOException unreadable) {
            throw new HoldfastException(
                    ExitCode.REFUSED,
                    file.toString(),
                    "the plan cannot be read: " + unreadable.getMessage(),
                    "check the path");
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
