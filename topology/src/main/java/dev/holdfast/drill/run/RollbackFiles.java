package dev.holdfast.drill.run;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.EstateState;
import dev.holdfast.ledger.Ledger.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds the files that rollbacks have left since a drill began; they contain writes lost at levels without a promise. */
final class RollbackFiles {

    private final Set<String> before;

    private RollbackFiles(Set<String> before) {
        this.before = before;
    }

    static RollbackFiles before(DrillContext drillContext) {
        return new RollbackFiles(files(drillContext));
    }

    private static Set<String> files(DrillContext drillContext) {
        Set<String> files = new TreeSet<>();
        EstateState state = drillContext.scope().look(drillContext.context());
        for (DrillGroup drillGroup : drillContext.scope().drillGroups()) {
            files.addAll(drillGroup
                    .drillProfile()
                    .rolledBack(drillContext.context(), state.of(drillGroup), drillGroup.group()));
        }
        return files;
    }

    void report(DrillContext drillContext) {
        List<String> left =
                files(drillContext).stream().filter(f -> !before.contains(f)).toList();
        if (!left.isEmpty()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("note", "rollbacks saved the writes that they removed in " + String.join(", ", left));
            facts.put("rolled_back", left);
            drillContext.ledger().note(Kind.NOTED, facts);
        }
    }
}
