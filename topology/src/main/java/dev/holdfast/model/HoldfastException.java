package dev.holdfast.model;

import java.util.Optional;

/** The exception that ends a command, with an exit code, a location, a message and a hint. Main prints it as one sentence. */
public final class HoldfastException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exit;
    private final String where;
    private final String hint;
    private final DecisionCode code;

    public HoldfastException(ExitCode exit, String where, String what, String hint) {
        this(exit, where, what, hint, Optional.empty());
    }

    /** @param code of the row of a decision table that refuses; empty where no table does */
    public HoldfastException(ExitCode exit, String where, String what, String hint, Optional<DecisionCode> code) {
        super(what);
        this.exit = exit;
        this.where = where;
        this.hint = hint;
        this.code = code.orElse(null);
    }

    public HoldfastException(ExitCode exit, String where, String what, String hint, Throwable cause) {
        super(what, cause);
        this.exit = exit;
        this.where = where;
        this.hint = hint;
        this.code = null;
    }

    public ExitCode exit() {
        return exit;
    }

    public String where() {
        return where;
    }

    public String hint() {
        return hint;
    }

    public Optional<DecisionCode> code() {
        return Optional.ofNullable(code);
    }
}
