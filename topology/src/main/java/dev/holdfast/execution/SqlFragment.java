package dev.holdfast.execution;

/**
 * A part of a statement that was built and quoted by rules for its receiver, such as a list of columns. In {@code *.sql} it
 * replaces {@code :[name]}, which accepts nothing else.
 */
public record SqlFragment(String text) {
    @Override
    public String toString() {
        return text;
    }
}
