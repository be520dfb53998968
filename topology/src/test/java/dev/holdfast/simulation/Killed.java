package dev.holdfast.simulation;

/** The CLI was killed. */
public final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Killed() {
        super("killed", null, false, false);
    }
}
