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

/** An execution context that writes every action into the ledger: a change before it is executed, a result when it arrives. */
public final class AuditedExecutionContext implements ExecutionContext {

    private static final int LONGEST_TEXT = 2000;

    private final ExecutionContext context;
    private final Ledger ledger;

    public AuditedExecutionContext(ExecutionContext context, Ledger ledger) {
        this.context = context;
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
        Instant start = context.now();
        ActionResult answer = context.ask(action);
        Map<String, Object> entry = new LinkedHashMap<>(facts);
        if (action.intent() == Action.Access.CHANGE) {
            entry.remove("values");
        }
        entry.put("outcome", answer.outcome().name());
        if (!answer.isOk()) {
            entry.put("code", answer.code());
            entry.put(
                    "text",
                    answer.text()
                            .substring(0, Math.min(LONGEST_TEXT, answer.text().length())));
        }
        entry.put("took_ms", Duration.between(start, context.now()).toMillis());
        ledger.note(Kind.ANSWERED, entry);
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
        return context.now();
    }

    @Override
    public void pause(Duration howLong) {
        context.pause(howLong);
    }

    @Override
    public <T> List<T> sideBySide(List<Supplier<T>> all) {
        return context.sideBySide(all);
    }
}
