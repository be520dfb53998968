package dev.holdfast.simulation;

import java.util.List;

/**
 * One thing that happens to an estate, complete in itself, so that a sequence without it can be run too.
 *
 * @param member the affected member; for a command, the one that the operator would name
 * @param number a detail that only the kind can interpret
 * @param command the arguments of {@code holdfast}; empty unless the event is a command
 * @param disturbed the action of the command that is disturbed, counted from 0
 */
public record SimulatedEvent(
        Kind kind, String member, int number, String command, Disturbance disturbance, int disturbed) {

    /** What happens. */
    public enum Kind {
        /** Clients write several times. */
        WRITE,
        KILL,
        STOP,
        START,
        FREEZE,
        RESUME,
        POWER_OFF,
        POWER_ON,
        /** The data directory, or all of the member's folder, is lost; at most once in a sequence. */
        WIPE,
        /** Only Holdfast does not reach the host. */
        CUT_FROM_CLI,
        /** Only Holdfast does not reach the server's port. */
        CUT_PORT,
        /** No other host reaches the host. */
        ISOLATE,
        /** A member stays connected and receives nothing. */
        STALL,
        CATCH_UP,
        /** PostgreSQL: a person promotes a standby. */
        PROMOTE,
        /** PostgreSQL: a person empties synchronous_standby_names with ALTER SYSTEM. */
        ALTER,
        /** PostgreSQL: a person resets it. */
        RESET,
        /** MongoDB: two members do not reach each other. */
        PART,
        /** MongoDB: a person forces a configuration with only the members that this one reaches. */
        FORCE,
        /** MongoDB: a person removes a member with an ordinary reconfiguration. */
        REMOVE,
        /** MongoDB: a person steps the primary down. */
        STEP_DOWN,
        /** More time passes than a second failover must wait for, or than an election takes. */
        TIME,
        /** A command runs, and can be killed or lose an answer. */
        COMMAND
    }

    /** What disturbs a command. */
    public enum Disturbance {
        NONE,
        /** The CLI is killed before an action. */
        KILLED,
        /** An action is executed, and its answer is lost. */
        ANSWER_LOST,
        /** An action never arrives. */
        REQUEST_LOST,
        /** An observation arrives truncated, which counts as no answer. */
        TRUNCATED
    }

    private static final int ACTIONS = 14;

    public static SimulatedEvent of(Kind kind, String member) {
        return of(kind, member, 0);
    }

    public static SimulatedEvent of(Kind kind, String member, int number) {
        return new SimulatedEvent(kind, member, number, "", Disturbance.NONE, 0);
    }

    /** Returns an undisturbed command. */
    public static SimulatedEvent command(String command) {
        return new SimulatedEvent(Kind.COMMAND, "", 0, command, Disturbance.NONE, 0);
    }

    /** Returns a command that is disturbed at its action of that number. */
    public static SimulatedEvent disturbed(String command, Disturbance disturbance, int action) {
        return new SimulatedEvent(Kind.COMMAND, "", 0, command, disturbance, action);
    }

    /** Returns a command that is killed before its changing action of that number. */
    public static SimulatedEvent killed(String command, int action) {
        return disturbed(command, Disturbance.KILLED, action);
    }

    /**
     * Returns a command that a number chooses, with its disturbance.
     *
     * @param commands those that end with a space or a slash need the name of a member
     */
    public static SimulatedEvent command(List<String> commands, String member, int number) {
        String command = commands.get(number % commands.size());
        int rest = number / commands.size();
        return new SimulatedEvent(
                Kind.COMMAND,
                member,
                number,
                command.endsWith(" ") || command.endsWith("/") ? command + member : command,
                Disturbance.values()[rest % Disturbance.values().length],
                rest / Disturbance.values().length % ACTIONS);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case WRITE -> "write";
            case TIME -> "time passes";
            case COMMAND ->
                "holdfast " + command
                        + (disturbance == Disturbance.NONE
                                ? ""
                                : ", " + SimulatedSequence.words(disturbance) + " at action " + disturbed);
            default -> SimulatedSequence.words(kind) + " " + member + (number == 0 ? "" : " (" + number + ")");
        };
    }
}
