package dev.holdfast.engine;

import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import java.util.Optional;

/**
 * What a host reports about the service of one server: the systemd unit that starts it after a reboot.
 *
 * @param scope system for a unit of the host, user for one of the login's user, none without a unit
 * @param runs where the server's process runs now
 * @param reason what is different, or why the host can have no unit; empty otherwise
 */
public record ServiceFacts(State state, Scope scope, Runs runs, String reason) {

    /** {@code host/service-look.sh}. */
    static final ScriptFormat LOOK = new ScriptFormat("host/service-look.sh", Service.class);

    /** How the observed unit compares with the declared one. */
    public enum State {
        /** As declared: the next boot starts the server with it. */
        CURRENT,
        /** Missing, not enabled, or with other contents. */
        DIFFERENT,
        /** There, and no longer declared. */
        PRESENT,
        /** The host or the login can have no unit. */
        UNUSABLE
    }

    /** Whose unit it is. */
    public enum Scope {
        SYSTEM,
        USER,
        NONE
    }

    /** Where the process runs. */
    public enum Runs {
        SERVICE,
        OUTSIDE,
        STOPPED
    }

    private record Service(String id, State state, Scope scope, Runs runs, String reason) {}

    static Optional<ServiceFacts> of(String id, ScriptAnswer answer) {
        return answer.first(Service.class, s -> s.id().equals(id))
                .map(s -> new ServiceFacts(s.state(), s.scope(), s.runs(), s.reason()));
    }

    /** Returns the words for status: the unit that starts the server at boot, or why nothing does. */
    public String text() {
        return switch (state) {
            case UNUSABLE -> "none: " + reason;
            case PRESENT -> "a unit that is no longer declared";
            case DIFFERENT -> reason.equals("missing") ? "none yet" : unit() + ", not as declared: " + reason;
            case CURRENT ->
                scope == Scope.NONE ? "none" : unit() + (runs == Runs.OUTSIDE ? ", from the next start on" : "");
        };
    }

    private String unit() {
        return scope == Scope.USER ? "user unit" : "system unit";
    }
}
