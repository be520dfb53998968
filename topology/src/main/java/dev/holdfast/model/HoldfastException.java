package dev.holdfast.model;

/** Why a command ends early: an exit code, where, what, and what to try. Becomes one sentence and one exit code in Main. */
public final class HoldfastException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exit;
    private final String where;
    private final String hint;

    public HoldfastException(ExitCode exit, String where, String what, String hint) {
        super(what);
        this.exit = exit;
        this.where = where;
        this.hint = hint;
    }

    public HoldfastException(ExitCode exit, String where, String what, String hint, Throwable cause) {
        super(what, cause);
        this.exit = exit;
        this.where = where;
        this.hint = hint;
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
}
