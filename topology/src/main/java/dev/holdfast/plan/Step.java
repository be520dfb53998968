package dev.holdfast.plan;

import dev.holdfast.execution.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing to do: look (unless it was just looked), type, look until it is true; already true means skipped.
 *
 * @param lane what it is done on; steps of one lane are done in order, lanes side by side
 * @param about the thing on the lane that alone is affected when the step fails, such as a table; empty: the whole lane
 * @param title what is done, in the imperative
 * @param because why, with the value seen and the value wanted
 * @param risk what clients may notice
 * @param actions what is typed, in order
 * @param atOnce so many of them, the first, are typed side by side: they touch different things
 * @param looked that it is not so yet was just seen: it is typed without looking first
 * @param until what must be true afterwards
 * @param within how long that may take
 * @param revert what is typed when it does not come true; it runs even when all else fails
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

    /** What clients may notice while a step is done. */
    public enum Risk {
        /** Nothing. */
        NONE,
        /** Writes may pause for a moment (an election, a restart). */
        PAUSE,
        /** Data may be lost or a service ends; asked for by name. */
        DANGER
    }

    public Step {
        actions = List.copyOf(actions);
        revert = List.copyOf(revert);
    }

    /** What is affected when it fails: its lane, or one thing on it. */
    String scope() {
        return about.isEmpty() ? lane : lane + "#" + about;
    }

    /** The actions in the order in which they are typed; those of one round side by side. */
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

    /** A step being written down. */
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

        /** Steps about other things on the lane are still done when this one fails. */
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

        /** Types some actions side by side, and when all of them are done the others in order. */
        public Builder typeAtOnce(List<Action> first, Action... others) {
            List<Action> all = new ArrayList<>(first);
            all.addAll(List.of(others));
            this.actions = all;
            this.atOnce = first.size();
            return this;
        }

        /**
         * Types without looking first. Only where the look that the step is planned from has just told that it is not so, and a
         * server refuses to do it twice: if somebody else did it in the meantime, the refusal is followed by a look.
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
