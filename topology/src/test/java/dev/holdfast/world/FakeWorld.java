package dev.holdfast.world;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Pretend hosts and servers, and a clock that moves only when someone waits. */
public final class FakeWorld implements ExecutionContext {

    /** Pretend servers of one kind; null means: not for me. */
    @FunctionalInterface
    public interface Pretend {
        ActionResult answer(Action action, Instant now);
    }

    private final List<Pretend> pretends = new ArrayList<>();
    private final FakeServices services = new FakeServices();
    private final List<Action> asked = new ArrayList<>();
    private final Set<String> unanswered = new TreeSet<>();
    private final Map<String, UnaryOperator<String>> garbled = new TreeMap<>();
    private int hurry = 1;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    public FakeWorld with(Pretend pretend) {
        pretends.add(pretend);
        return this;
    }

    /** From now on a host does not answer one question, although it answers the others. */
    public FakeWorld unanswered(String host, String script) {
        unanswered.add(host + " " + script);
        return this;
    }

    /** From now on the output of one script on a host arrives changed. */
    public FakeWorld garbled(String host, String script, UnaryOperator<String> change) {
        garbled.put(host + " " + script, change);
        return this;
    }

    /** Why a question stays without an answer, as the shells of the CLI say it. */
    public static final String TRUNCATED = "the answer was truncated (question 2 of several)";

    /** Everything that was said so far, in order. */
    public List<Action> asked() {
        return List.copyOf(asked);
    }

    /** What was said that changes something. */
    public List<Action> changes() {
        return asked.stream().filter(a -> a.intent() == Action.Access.CHANGE).toList();
    }

    public void forget() {
        asked.clear();
    }

    @Override
    public ActionResult ask(Action action) {
        asked.add(action);
        if (!unanswered.isEmpty()
                && unanswered.contains(
                        action.host().name() + " " + action.script().file())) {
            return ActionResult.silent(TRUNCATED);
        }
        ActionResult service = services.answer(action);
        if (service != null) {
            return service;
        }
        for (Pretend pretend : pretends) {
            ActionResult answer = pretend.answer(action, now);
            if (answer != null) {
                UnaryOperator<String> change = garbled.isEmpty()
                        ? null
                        : garbled.get(
                                action.host().name() + " " + action.script().file());
                return change == null || !answer.isOk() ? answer : ActionResult.ok(change.apply(answer.text()));
            }
        }
        throw new AssertionError("no pretend server answers " + action);
    }

    @Override
    public Instant now() {
        return now;
    }

    /** From now on each pause moves the clock so many times further, so that vain waits end after fewer looks. */
    public void hurry(int factor) {
        hurry = factor;
    }

    @Override
    public void pause(Duration howLong) {
        now = now.plus(howLong.multipliedBy(hurry));
    }

    @Override
    public <T> List<T> sideBySide(List<Supplier<T>> all) {
        return all.stream().map(Supplier::get).toList();
    }
}
