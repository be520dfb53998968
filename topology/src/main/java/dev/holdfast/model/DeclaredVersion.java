package dev.holdfast.model;

/**
 * The version that a topology demands of a cluster's server programs. It is compared with the programs and never selects one:
 * that is what {@code binaries} does.
 *
 * @param text a major version, a release series or an exact version, such as 15, 8.2 or 15.4; empty when none is declared
 */
public record DeclaredVersion(String text) {

    public static final DeclaredVersion NONE = new DeclaredVersion("");

    public boolean isDeclared() {
        return !text.isEmpty();
    }

    /** Returns whether a version agrees: it is the declared one, or a part of the declared series. */
    public boolean accepts(String version) {
        return text.isEmpty() || version.equals(text) || version.startsWith(text + ".");
    }

    /** Returns whether a known version does not agree. */
    public boolean differs(String version) {
        return !version.isEmpty() && !accepts(version);
    }

    /** Returns the first number; 0 when no version is declared, or when the text of the file is none. */
    public int major() {
        String first = text.replaceFirst("[.].*", "");
        return first.matches("[0-9]{1,2}") ? Integer.parseInt(first) : 0;
    }
}
