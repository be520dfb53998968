package dev.holdfast.model;

/**
 * The name of a secret; its value exists only in the hands (dev.holdfast.cli.hands) and is never printed.
 *
 * @param name for example {@code social/admin}
 */
public record SecretRef(String name) {

    /** Where a secret's value comes from. */
    public sealed interface Source {
        /** Made on first use, kept in the operator's folder with mode 0600. */
        record Generated() implements Source {}

        /** Read from an environment variable of the CLI. */
        record Env(String variable) implements Source {}

        /** Read from a file on the operator's machine; one trailing newline is dropped. */
        record File(String path) implements Source {}
    }

    @Override
    public String toString() {
        return "<secret " + name + ">";
    }
}
