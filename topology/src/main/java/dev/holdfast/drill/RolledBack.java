package dev.holdfast.drill;

import dev.holdfast.ledger.Ledger.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The files that rollbacks have left since a drill began: what was lost of a level that promises nothing lies in them. */
final class RolledBack {

    private final Set<String> before;

    private RolledBack(Set<String> before) {
        this.before = before;
    }

    static RolledBack before(Stage stage) {
        return new RolledBack(files(stage));
    }

    private static Set<String> files(Stage stage) {
        Set<String> files = new TreeSet<>();
        Sight seen = stage.scene().look(stage.world());
        for (Site site : stage.scene().sites()) {
            files.addAll(site.rehearsal().rolledBack(stage.world(), seen.of(site), site.group()));
        }
        return files;
    }

    void tell(Stage stage) {
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
