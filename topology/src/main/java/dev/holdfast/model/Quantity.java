package dev.holdfast.model;

/** A number with its noun, for messages: "1 index", "2 indexes". */
public final class Quantity {

    private Quantity() {}

    public static String of(long number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }
}
