package dev.holdfast.plan;

import dev.holdfast.execution.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A step: check the condition (unless it was just observed), execute the actions, wait until the condition holds.
 *
 * @param lane what the step works on; steps of one lane run in order, lanes in parallel
 * @param about the only object on the lane that a failure affects, such as a table; empty: the whole lane
 * @param title the step in the imperative
 * @param because the reason, with the observed and the desired value
 * @param risk what clients can notice
 * @param actions the actions, in order
 * @param atOnce how many of the first actions run in parallel, because they change different objects
 * @param looked whether the condition was just observed not to hold; then it is not checked first
 * @param until the condition that must hold afterwards
 * @param within the time limit for the condition
 * @param revert the action when the condition does not hold in time; executed even when all else fails
 */
public record Step(
        String lane,
        String about,
        String title,
        String because,
        Risk risk,
        List<Action> actions,
        int atOnce,
        boolean looked,
        Condition until,
        Duration within,
        List<Action> revert) {

    /** What clients can notice during a step. */
    public enum Risk {
        /** Nothing. */
        NONE,
        /** Writes can pause for a moment (an election, a restart). */
        PAUSE,
        /** Data can be lost or a service ends; requested by name. */
        DANGER
    }

    public Step {
        actions = List.copyOf(actions);
        revert = List.copyOf(revert);
    }

    /** Returns what a failure affects: the lane, or one object on it. */
    String scope() {
        return about.isEmpty() ? lane : lane + "#" + about;
    }

    /** Returns the actions in the order of execution; those of one round run in parallel. */
    List<List<Action>> rounds() {
        List<List<Action>> rounds = new ArrayList<>();
        for (int i = 0; i < actions.size(); i += rounds.get(rounds.size() - 1).size()) {
            int size = i == 0 ? Math.max(1, atOnce) : 1;
            rounds.add(actions.subList(i, i + size));
        }
        return rounds;
    }

    public static Builder on(String lane, String title) {
        return new Builder(lane, title);
    }

    /** A builder of steps. */
    public static final class Builder {
        private final String lane;
        private final String title;
        private String because = "";
        private String about = "";
        private Risk risk = Risk.NONE;
        private List<Action> actions = List.of();
        private int atOnce = 1;
        private boolean looked;
        private List<Action> revert = List.of();

        private Builder(String lane, String title) {
            this.lane = lane;
            this.title = title;
        }

        public Builder because(String why) {
            this.because = why;
            return this;
        }

        /** Lets steps about other objects on the lane continue when this step fails. */
        public Builder about(String thing) {
            this.about = thing;
            return this;
        }

        public Builder risk(Risk what) {
            this.risk = what;
            return this;
        }

        public Builder type(Action... what) {
            this.actions = List.of(what);
            return this;
        }

        public Builder type(List<Action> what) {
            this.actions = what;
            return this;
        }

        /** Executes some actions in parallel, and when all of them are done the others in order. */
        public Builder typeAtOnce(List<Action> first, Action... others) {
            List<Action> all = new ArrayList<>(first);
            all.addAll(List.of(others));
            this.actions = all;
            this.atOnce = first.size();
            return this;
        }

        /**
         * Skips the check of the condition. Only for steps that are planned from an observation just made, and that a server refuses to
         * do twice: if another process did the change in the meantime, the refusal is followed by an observation.
         */
        public Builder looked() {
            this.looked = true;
            return this;
        }

        public Builder revert(Action... what) {
            this.revert = List.of(what);
            return this;
        }

        public Step until(Condition condition, Duration within) {
            return new Step(lane, about, title, because, risk, actions, atOnce, looked, condition, within, revert);
        }
    }
}
