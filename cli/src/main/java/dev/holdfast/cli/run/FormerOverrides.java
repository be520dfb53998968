package dev.holdfast.cli.run;

import dev.holdfast.model.DecisionCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** The former words of {@code --override}. They are accepted with a warning for one minor version. */
public final class FormerOverrides {

    /** @param command the command that knew the word, because one word had two meanings */
    private record Former(String command, String word, DecisionCode code) {}

    private static final List<Former> ALL = List.of(
            new Former("switchover", "lag", DecisionCode.CANDIDATE_LAG),
            new Former("failover", "silent", DecisionCode.OTHERS_SILENT),
            new Former("failover", "again", DecisionCode.FAILOVER_AGAIN),
            new Former("restore", "again", DecisionCode.RESTORE_AGAIN));

    private FormerOverrides() {}

    /** Returns the overrides with the present code in place of each former word, and warns of each former word. */
    public static Set<String> replaced(CommandSpec spec, String command, Set<String> given) {
        Set<String> present = new LinkedHashSet<>();
        for (String word : given) {
            present.add(ALL.stream()
                    .filter(f -> f.command.equals(command) && f.word.equals(word))
                    .findFirst()
                    .map(f -> warned(spec, f))
                    .orElse(word));
        }
        return present;
    }

    private static String warned(CommandSpec spec, Former former) {
        spec.commandLine().getErr().println("DEPRECATED: --override=" + former.word + " has a new code");
        spec.commandLine().getErr().println("    HINT: use --override=" + former.code);
        return former.code.word();
    }
}
