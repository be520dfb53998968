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

/** A plan in a file: same wanted and same seen give the same file, so any difference means that one of them moved. */
public final class PlanFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanFile() {}

    public static Map<String, Object> of(Topology topology, List<Runbook.Planned> plans) {
        Map<String, Object> data = ResultData.result("plan", topology.name());
        data.put("acts", plans.stream().map(ResultData::of).toList());
        return data;
    }

    /** @throws HoldfastException REFUSED, naming the differences, when planning now does not give what was saved */
    public static void mustStillHold(Path file, Topology topology, List<Runbook.Planned> plans) {
        JsonNode saved = read(file);
        JsonNode now = parsed(file, ResultData.json(of(topology, plans)));
        if (saved.equals(now)) {
            return;
        }
        Set<String> was = steps(saved);
        Set<String> is = steps(now);
        StringBuilder moved = new StringBuilder("the plan no longer holds; reality or the topology has moved since");
        was.stream()
                .filter(s -> !is.contains(s))
                .forEach(s -> moved.append("\n    no longer to do: ").append(s));
        is.stream()
                .filter(s -> !was.contains(s))
                .forEach(s -> moved.append("\n    now to do:       ").append(s));
        throw new HoldfastException(
                ExitCode.REFUSED, file.toString(), moved.toString(), "plan again, read it, and apply that");
    }

    private static Set<String> steps(JsonNode plan) {
        Set<String> steps = new LinkedHashSet<>();
        plan.path("acts")
                .forEach(act -> act.path("steps")
                        .forEach(s -> steps.add(
                                s.path("on").asText() + "  " + s.path("do").asText() + " because "
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
                    ExitCode.REFUSED, file.toString(), "cannot be read: " + unreadable.getMessage(), "check the path");
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
                ExitCode.REFUSED, file.toString(), "is not a plan", "make one with: holdfast plan --out " + file);
    }
}
