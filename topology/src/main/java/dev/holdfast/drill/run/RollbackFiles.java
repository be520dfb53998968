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

/** The files that rollbacks have left since a drill began: what was lost of a level that promises nothing lies in them. */
final class RollbackFiles {

    private final Set<String> before;

    private RollbackFiles(Set<String> before) {
        this.before = before;
    }

    static RollbackFiles before(DrillContext stage) {
        return new RollbackFiles(files(stage));
    }

    private static Set<String> files(DrillContext stage) {
        Set<String> files = new TreeSet<>();
        EstateState seen = stage.scene().look(stage.world());
        for (DrillGroup site : stage.scene().sites()) {
            files.addAll(site.rehearsal().rolledBack(stage.world(), seen.of(site), site.group()));
        }
        return files;
    }

    void tell(DrillContext stage) {
        List<String> left =
                files(stage).stream().filter(f -> !before.contains(f)).toList();
        if (!left.isEmpty()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("note", "rollbacks have left " + String.join(", ", left));
            facts.put("rolled_back", left);
            stage.ledger().note(Kind.NOTED, facts);
        }
    }
}
