package dev.holdfast.cli.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results as plain maps with stable keys, and these maps as JSON or YAML. */
public final class ResultData {

    private static final int SCHEMA_VERSION = 2;

    private ResultData() {}

    /** Returns the outermost map of a result. */
    public static Map<String, Object> result(String kind, String estate) {
        return map("schemaVersion", SCHEMA_VERSION, "kind", kind, "estate", estate);
    }

    public static String json(Object value) {
        return written(new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT), value) + "\n";
    }

    public static String jsonLine(Object value) {
        return written(new ObjectMapper(), value);
    }

    public static String yaml(Object value) {
        return written(
                new ObjectMapper(new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)), value);
    }

    /** Returns YAML without line breaks in long texts. */
    public static String wideYaml(Object value) {
        return written(
                new ObjectMapper(new YAMLFactory()
                        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                        .disable(YAMLGenerator.Feature.SPLIT_LINES)),
                value);
    }

    private static String written(ObjectMapper mapper, Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException notPlain) {
            throw new IllegalArgumentException(notPlain);
        }
    }

    public static Map<String, Object> of(Runbook.Planned planned) {
        Plan plan = planned.plan();
        return map(
                "cluster",
                planned.cluster(),
                "stage",
                planned.stage(),
                "steps",
                plan.steps().stream().map(ResultData::of).toList(),
                "refusals",
                plan.refusals().stream().map(ResultData::of).toList(),
                "notes",
                plan.notes(),
                "missing",
                plan.missing().stream().map(ResultData::of).toList(),
                "open",
                plan.open().stream().map(ResultData::of).toList());
    }

    private static Map<String, Object> of(Step step) {
        return map(
                "target",
                step.lane(),
                "title",
                step.title(),
                "because",
                step.because(),
                "risk",
                step.risk().name().toLowerCase(java.util.Locale.ROOT),
                "until",
                step.until().description(),
                "within_s",
                step.within().toSeconds(),
                "actions",
                step.actions().stream().map(ResultData::of).toList());
    }

    private static Map<String, Object> of(Action action) {
        Map<String, Object> output = map(
                "to",
                action.target(),
                "script",
                action.script().file(),
                "values",
                plain(action.script().values()));
        if (action instanceof Action.WriteFile write) {
            output.put("path", write.path());
            output.put("mode", write.mode());
        }
        return output;
    }

    public static Map<String, Object> of(Plan.Refusal refusal) {
        return map(
                "where",
                refusal.where(),
                "what",
                refusal.what(),
                "hint",
                refusal.hint(),
                "code",
                refusal.code().map(DecisionCode::word).orElse(null));
    }

    public static Map<String, Object> of(RunbookOutcome outcome) {
        return map(
                "cluster",
                outcome.cluster(),
                "exit",
                outcome.exit().code(),
                "steps",
                outcome.steps(),
                "skipped",
                outcome.skipped(),
                "failures",
                outcome.failures(),
                "refusals",
                outcome.refusals().stream().map(ResultData::of).toList(),
                "notes",
                outcome.notes(),
                "missing",
                outcome.missing().stream().map(ResultData::of).toList(),
                "open",
                outcome.open().stream().map(ResultData::of).toList());
    }

    public static Map<String, Object> of(NodeStatus state) {
        return map(
                "node",
                state.node().id(),
                "host",
                state.node().host().name(),
                "endpoint",
                state.node().endpoint(),
                "state",
                state.state().name(),
                "role",
                state.role(),
                "facts",
                state.facts());
    }

    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((k, v) -> copy.put(k.toString(), plain(v)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ResultData::plain).toList();
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    public static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
