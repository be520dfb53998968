package dev.holdfast.mongodb.simulation;

import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.OpTime;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An operation in an oplog. Its increment is used once, so that equal operations have equal histories.
 *
 * @param number the number of the write; 0 for the operation of a new primary, which changes no data
 */
record OplogEntry(OpTime at, int number) {

    boolean isWrite() {
        return number > 0;
    }

    /** Returns {@code {ts, t}}, as servers report positions. */
    Map<String, Object> position() {
        Map<String, Object> position = new LinkedHashMap<>();
        position.put("ts", ClusterTime.of(at).json());
        position.put("t", at.term());
        return position;
    }

    Map<String, Object> document() {
        Map<String, Object> document = position();
        document.put("op", isWrite() ? "i" : "n");
        document.put("ns", isWrite() ? "shop.orders" : "");
        document.put("changes", 1);
        return document;
    }
}
