package dev.holdfast.cli.load;

import java.util.Arrays;

/** A growable list of long values in an array, without an object for each value. */
final class LongBuffer {

    private long[] values = new long[1024];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    long[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
