package dev.holdfast.simulation;

import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.RunbookOutcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An operator who knows nothing but the hints: which commands they name, and which of these to run first. */
public final class HintReader {

    private static final Pattern COMMAND = Pattern.compile(
            "holdfast (apply|failover|rejoin|switchover)((?: +(?:--to \\w+|--override=[a-z-]+|--accept-data-loss|(?:pay|soc)\\w*(?:/[\\w-]+)*))*)");
    private static final Pattern FLAGS =
            Pattern.compile("(?:with|and) ((?:--to \\w+ ?|--override=[a-z-]+ ?|--accept-data-loss ?)+)");
    /** What can be lost: commits; a time; changes of a member that has diverged; or all writes since a failover. */
    private static final Pattern BOUND =
            Pattern.compile("at most lost: |s after that can be lost|has \\d+ changes?|all later writes are lost");

    private static final Pattern GIVEN = Pattern.compile("--(override=\\S+|accept-data-loss)");

    private HintReader() {}

    /**
     * Returns the commands that the output of a command advises.
     *
     * @param member what the operator types for NAME
     */
    public static List<String> advice(RunbookOutcome outcome, String command, String member) {
        List<String> all = new ArrayList<>();
        refusals(outcome).forEach(r -> all.addAll(commands(r.hint(), command, member)));
        outcome.notes().forEach(n -> all.addAll(commands(n, command, member)));
        return all;
    }

    private static Stream<Refusal> refusals(RunbookOutcome outcome) {
        return Stream.of(outcome.refusals(), outcome.missing(), outcome.open()).flatMap(List::stream);
    }

    /** Returns a fault of a hint: a command that cannot be typed, or a loss to accept without its bound; empty for none. */
    public static String fault(RunbookOutcome outcome, String command, String member) {
        return refusals(outcome)
                .map(r -> fault(r, command, member))
                .filter(f -> !f.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String fault(Refusal refusal, String command, String member) {
        String plain = GIVEN.matcher(command).replaceAll("").strip();
        boolean isLossy =
                commands(refusal.hint(), plain, member).stream().anyMatch(c -> c.contains("--accept-data-loss"));
        boolean isBounded =
                BOUND.matcher(refusal.what()).find() || refusal.hint().contains("gives up");
        Matcher whole = COMMAND.matcher(refusal.hint());
        while (whole.find()) {
            if (!whole.group(1).equals("apply") && whole.group(2).isBlank()) {
                return "a command that cannot be typed: " + refusal.hint();
            }
        }
        Optional<String> twice = commands(refusal.hint(), plain, member).stream()
                .filter(c -> c.split(" --to ").length > 2)
                .findFirst();
        if (twice.isPresent()) {
            return "a command that names two members: " + twice.get();
        }
        return isLossy && !isBounded ? "a loss is to be accepted, and its bound is not printed: " + refusal : "";
    }

    private static List<String> commands(String hint, String command, String member) {
        Set<String> all = new LinkedHashSet<>();
        Matcher whole = COMMAND.matcher(hint.replace("--to NAME", "--to " + member));
        while (whole.find()) {
            all.add((whole.group(1) + " " + whole.group(2).strip()).strip());
        }
        Matcher flags = FLAGS.matcher(COMMAND.matcher(hint).replaceAll(""));
        while (flags.find()) {
            Set<String> words = new TreeSet<>(List.of(flags.group(1).split(" (?=--)")));
            Matcher given = GIVEN.matcher(command);
            while (given.find()) {
                words.add(given.group());
            }
            String base = GIVEN.matcher(command).replaceAll("").strip();
            all.add(base + " " + String.join(" ", words).strip());
        }
        return List.copyOf(all);
    }

    /**
     * Returns first what needs neither an override nor a loss, then what needs an override, then a loss; empty when nothing is
     * left.
     *
     * @param confirmation what the operator confirms while something does not answer; empty while everything answers
     */
    public static String choose(List<String> advised, Set<String> tried, String confirmation) {
        return Stream.of("plain", "override", "loss")
                .flatMap(kind -> advised.stream()
                        .filter(c -> kind(c).equals(kind))
                        .filter(c -> !tried.contains(c))
                        .filter(c -> kind.equals("plain") || c.contains(confirmation)))
                .findFirst()
                .orElse("");
    }

    private static String kind(String command) {
        return command.contains("--accept-data-loss") ? "loss" : command.contains("--override") ? "override" : "plain";
    }
}
