package dev.holdfast.execution;

/**
 * Words that were made by rules and are quoted already for whom they are said to, such as a list of columns; in
 * {@code *.sql} they stand in for {@code :[name]}, which takes nothing else.
 */
public record SqlFragment(String text) {
    @Override
    public String toString() {
        return text;
    }
}
