package dev.holdfast.model;

/**
 * The name of a secret; only dev.holdfast.cli.exec reads its value, and nothing prints it.
 *
 * @param name for example {@code social/admin}
 */
public record SecretRef(String name) {

    /** The source of a secret's value. */
    public sealed interface Source {
        /** Generated on first use and kept in the operator's directory with mode 0600. */
        record Generated() implements Source {}

        /** Read from an environment variable of the CLI. */
        record Env(String variable) implements Source {}

        /** Read from a file on the operator's host; one trailing newline is dropped. */
        record File(String path) implements Source {}
    }

    @Override
    public String toString() {
        return "<secret " + name + ">";
    }
}
