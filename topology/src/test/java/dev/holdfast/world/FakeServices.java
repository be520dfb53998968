package dev.holdfast.world;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import java.util.Map;
import java.util.TreeSet;

/** Pretend systemd units on all hosts, by the directories of their servers: {@code host/service-look.sh} and {@code host/service.sh}. */
final class FakeServices {

    private final TreeSet<String> units = new TreeSet<>();

    /** Returns null for another script. */
    ActionResult answer(Action action) {
        Map<String, Object> values = action.script().values();
        boolean isWanted = "systemd".equals(values.get("service_want"));
        return switch (action.script().file()) {
            case "host/service-look.sh" -> look(values.get("nodes").toString(), isWanted);
            case "host/service.sh" -> {
                if (isWanted) {
                    units.add(values.get("directory").toString());
                } else {
                    units.remove(values.get("directory").toString());
                }
                yield ActionResult.ok("");
            }
            default -> null;
        };
    }

    private ActionResult look(String nodes, boolean isWanted) {
        FakeOutput output = new FakeOutput("host/service-look.sh");
        for (String line : nodes.split("\n")) {
            String[] field = line.split("\t");
            boolean isThere = units.contains(field[1]);
            String state = isThere == isWanted ? "current" : isWanted ? "different" : "present";
            output.record(
                    "service",
                    "id",
                    field[0],
                    "state",
                    state,
                    "scope",
                    isWanted ? "system" : "none",
                    "runs",
                    "outside",
                    "reason",
                    state.equals("different") ? "missing" : "");
        }
        return output.answer();
    }
}
