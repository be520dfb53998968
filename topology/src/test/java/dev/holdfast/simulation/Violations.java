package dev.holdfast.simulation;

/** The first violation of an invariant in a sequence. */
public final class Violations {

    private String first = "";

    /** Returns the first violation; empty while there is none. */
    public String first() {
        return first;
    }

    public boolean isEmpty() {
        return first.isEmpty();
    }

    public void violated(String what) {
        if (first.isEmpty()) {
            first = what;
        }
    }
}
