package dev.holdfast.cli.live;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Ledger.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A world whose every word is in the ledger: a change before it is made, an answer when it has come. */
public final class AuditedExecutionContext implements ExecutionContext {

    private static final int LONGEST_TEXT = 2000;

    private final ExecutionContext world;
    private final Ledger ledger;

    public AuditedExecutionContext(ExecutionContext world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
    }

    @Override
    public ActionResult ask(Action action) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("target", action.target());
        facts.put("intent", action.intent().name());
        facts.put("script", action.script().file());
        facts.put("values", plain(action.script().values()));
        if (action.intent() == Action.Access.CHANGE) {
            ledger.note(Kind.ASKED, facts);
        }
        Instant start = world.now();
        ActionResult answer = world.ask(action);
        Map<String, Object> told = new LinkedHashMap<>(facts);
        if (action.intent() == Action.Access.CHANGE) {
            told.remove("values");
        }
        told.put("outcome", answer.outcome().name());
        if (!answer.isOk()) {
            told.put("code", answer.code());
            told.put(
                    "text",
                    answer.text()
                            .substring(0, Math.min(LONGEST_TEXT, answer.text().length())));
        }
        told.put("took_ms", Duration.between(start, world.now()).toMillis());
        ledger.note(Kind.ANSWERED, told);
        return answer;
    }

    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((k, v) -> copy.put(k.toString(), plain(v)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(AuditedExecutionContext::plain).toList();
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    @Override
    public Instant now() {
        return world.now();
    }

    @Override
    public void pause(Duration howLong) {
        world.pause(howLong);
    }

    @Override
    public <T> List<T> sideBySide(List<Supplier<T>> all) {
        return world.sideBySide(all);
    }
}
