package dev.holdfast.cli.run;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** The former words of {@code --override}, which are accepted with a warning for one minor version. */
public final class FormerOverrides {

    /** @param command the command that knew the word, because one word had two meanings */
    private record Former(String command, String word, DecisionCode code) {}

    private static final List<Former> ALL = List.of(
            new Former("switchover", "lag", DecisionCode.CANDIDATE_LAG),
            new Former("failover", "silent", DecisionCode.OTHERS_SILENT),
            new Former("failover", "again", DecisionCode.FAILOVER_AGAIN),
            new Former("restore", "again", DecisionCode.RESTORE_AGAIN));

    private FormerOverrides() {}

    /**
     * Returns the overrides with the present code in place of each former word, and warns of each former word.
     *
     * @throws HoldfastException with {@link ExitCode#USAGE}: a word is the code of no override
     */
    public static Set<String> replaced(CommandSpec spec, String command, Set<String> given) {
        Set<String> present = new LinkedHashSet<>();
        for (String word : given) {
            present.add(ALL.stream()
                    .filter(f -> f.command.equals(command) && f.word.equals(word))
                    .findFirst()
                    .map(f -> warned(spec, f))
                    .orElseGet(() -> known(word)));
        }
        return present;
    }

    private static String known(String word) {
        if (DecisionCode.OVERRIDES.stream().noneMatch(code -> code.word().equals(word))) {
            boolean isLoss = DecisionCode.DATA_LOSS.word().equals(word);
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--override=" + word,
                    "this is not the code of an override",
                    isLoss
                            ? "--accept-data-loss accepts a loss"
                            : "use the code that the refusal prints after CODE; overrides are "
                                    + DecisionCode.OVERRIDES.stream()
                                            .map(DecisionCode::word)
                                            .collect(Collectors.joining(", ")));
        }
        return word;
    }

    private static String warned(CommandSpec spec, Former former) {
        CommandOutput.deprecated(spec, "--override=" + former.word + " has a new code", "--override=" + former.code);
        return former.code.word();
    }
}
