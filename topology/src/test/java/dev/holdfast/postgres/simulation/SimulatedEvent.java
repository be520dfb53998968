package dev.holdfast.postgres.simulation;

import java.util.List;

/**
 * One thing that happens to an estate, complete in itself, so that a sequence without it can be run too.
 *
 * @param member the affected member; for a command, the one that the operator would name
 * @param number a detail that only the kind can interpret
 */
record SimulatedEvent(Kind kind, String member, int number) {

    /** What happens. */
    enum Kind {
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
        /** A standby stays connected and receives nothing. */
        STALL,
        CATCH_UP,
        /** A person promotes a standby. */
        PROMOTE,
        /** A person empties synchronous_standby_names with ALTER SYSTEM. */
        ALTER,
        /** A person resets it. */
        RESET,
        /** More time passes than a second failover must wait for. */
        TIME,
        /** A command runs, and can be killed or lose an answer. */
        COMMAND
    }

    /** What disturbs a command. */
    enum Disturbance {
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

    private static final List<String> COMMANDS = List.of(
            "apply",
            "failover payments",
            "failover payments",
            "failover payments --override=fenced-by-hand",
            "failover payments --override=fenced-by-hand --accept-data-loss",
            "switchover payments",
            "switchover payments --to ",
            "failover payments --to ",
            "rejoin payments/servers/",
            "failover payments --accept-data-loss");

    static SimulatedEvent of(Kind kind, String member) {
        return new SimulatedEvent(kind, member, 0);
    }

    /** An undisturbed command. */
    static SimulatedEvent command(String command) {
        String member = command.matches(".*( --to |/)[a-d]1") ? command.substring(command.length() - 2) : "";
        return new SimulatedEvent(
                Kind.COMMAND, member, COMMANDS.indexOf(command.substring(0, command.length() - member.length())));
    }

    /** A command that is killed before its changing action of that number. */
    static SimulatedEvent killed(String command, int action) {
        SimulatedEvent whole = command(command);
        int number = COMMANDS.size() * (Disturbance.KILLED.ordinal() + Disturbance.values().length * action);
        return new SimulatedEvent(Kind.COMMAND, whole.member, whole.number + number);
    }

    String command() {
        String command = COMMANDS.get(number % COMMANDS.size());
        return command.endsWith(" ") || command.endsWith("/") ? command + member : command;
    }

    Disturbance disturbance() {
        return Disturbance.values()[number / COMMANDS.size() % Disturbance.values().length];
    }

    /** Returns the action that is disturbed, counted from 0. */
    int disturbed() {
        return number / (COMMANDS.size() * Disturbance.values().length) % 14;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case WRITE -> "write";
            case TIME -> "time passes";
            case COMMAND ->
                "holdfast " + command()
                        + (disturbance() == Disturbance.NONE
                                ? ""
                                : ", " + SimulatedSequence.words(disturbance()) + " at action " + disturbed());
            default -> SimulatedSequence.words(kind) + " " + member;
        };
    }
}
