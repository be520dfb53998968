package dev.holdfast.cli.view;

import dev.holdfast.cli.files.StepTimings;
import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RunbookDocument;
import dev.holdfast.execution.Action;
import dev.holdfast.plan.Runbook.Planned;
import dev.holdfast.plan.Step;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One runbook as Markdown for an operator: when to use it, what to type, what Holdfast decides and what it does. */
public record RunbookMarkdown(RunbookDocument document, String file, StepTimings measured) {

    /** Returns the name of the runbook's file. */
    public String name() {
        return document.title()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-|-$", "")
                + ".md";
    }

    public String text() {
        StringBuilder text = new StringBuilder("# " + plain(document.title()) + "\n\n");
        text.append("**When:** ").append(plain(document.occasion())).append("\n\n");
        boolean isMade = document.decided().isEmpty();
        text.append("    ").append(command(isMade ? "plan" : document.command() + " --dry-run"));
        text.append("   # observes only, and changes nothing\n");
        text.append("    ").append(command(document.command())).append("\n\n");
        document.decided().ifPresent(d -> decided(text, d));
        text.append("## What is done\n\n");
        document.stages().forEach(a -> stage(text, a));
        notes(text);
        return text.toString();
    }

    private String command(String words) {
        return "holdfast " + words + " -f " + file;
    }

    private void decided(StringBuilder text, Operation.Assessment decided) {
        text.append(
                "## What is decided\n\nThe first row that holds decides. A row that refuses changes nothing; after any other row"
                        + " the run goes on, or finds nothing to do.\n\n");
        for (int i = 0; i < document.table().size(); i++) {
            RunbookDocument.Row row = document.table().get(i);
            text.append(i + 1)
                    .append(". `")
                    .append(row.code())
                    .append("`: ")
                    .append(plain(row.when()))
                    .append(outcome(row))
                    .append('\n');
        }
        text.append("\nIn this example: **").append(plain(decided.sentence())).append("**, because ");
        text.append(plain(decided.because())).append('.');
        decided.code().ifPresent(c -> text.append(" Code: `").append(c).append("`."));
        if (!decided.pause().isZero()) {
            text.append(" Writes are expected to pause for about ")
                    .append(decided.pause().toMillis())
                    .append(" ms.");
        }
        text.append("\n\n");
    }

    private static String outcome(RunbookDocument.Row row) {
        if (row.code().exits().isEmpty()) {
            return "";
        }
        return ": refused, exit "
                + row.code().exits().stream()
                        .map(e -> Integer.toString(e.code()))
                        .collect(Collectors.joining(" or "))
                + row.override()
                        .map(o -> ", unless `--override=" + o + "` is given")
                        .orElse("");
    }

    private void stage(StringBuilder text, Planned stage) {
        if (stage.plan().isEmpty()) {
            return;
        }
        text.append("### ").append(plain(stage.stage())).append("\n\n");
        stage.plan().steps().forEach(s -> step(text, stage.cluster(), s));
        text.append('\n');
    }

    private void step(StringBuilder text, String cluster, Step step) {
        text.append("* **").append(plain(step.title())).append("**");
        switch (step.risk()) {
            case NONE -> text.append(" (").append(plain(step.lane())).append(")");
            case PAUSE -> text.append(" (").append(plain(step.lane())).append("; writes can pause)");
            case DANGER -> text.append(" (").append(plain(step.lane())).append("; DANGER)");
        }
        text.append("\n  because ").append(plain(step.because())).append('\n');
        if (!step.actions().isEmpty()) {
            text.append("  actions: ").append(typed(step.actions())).append('\n');
        }
        text.append("  until ").append(plain(step.until().description())).append(", within ");
        text.append(seconds(step.within().toMillis()));
        measured.last(cluster, step.title())
                .ifPresent(t -> text.append("; last took ")
                        .append(seconds(t.took().toMillis()))
                        .append(" (")
                        .append(t.at().truncatedTo(ChronoUnit.SECONDS))
                        .append(")"));
        text.append('\n');
        if (!step.revert().isEmpty()) {
            text.append("  if the condition does not hold in time: ")
                    .append(typed(step.revert()))
                    .append('\n');
        }
    }

    /** Lists every file once, with the nodes that receive it. */
    private static String typed(List<Action> actions) {
        return actions.stream()
                .collect(Collectors.groupingBy(
                        a -> a.script().file(),
                        java.util.LinkedHashMap::new,
                        Collectors.mapping(Action::target, Collectors.toCollection(java.util.LinkedHashSet::new))))
                .entrySet()
                .stream()
                .map(e -> "`" + e.getKey() + "` to " + plain(String.join(", ", e.getValue())))
                .collect(Collectors.joining("; "));
    }

    private void notes(StringBuilder text) {
        List<String> notes = document.stages().stream()
                .flatMap(a -> a.plan().notes().stream())
                .distinct()
                .toList();
        if (!notes.isEmpty()) {
            text.append("## Then\n\n");
            notes.forEach(n -> text.append("* ").append(plain(n)).append('\n'));
            text.append('\n');
        }
    }

    private static String seconds(long millis) {
        if (millis >= 7_200_000) {
            return millis / 3_600_000 + " h";
        }
        if (millis >= 300_000) {
            return millis / 60_000 + " min";
        }
        return millis % 1000 == 0 || millis >= 100_000
                ? millis / 1000 + " s"
                : String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }

    /** Escapes a name or a sentence, so that no part of it is read as Markdown. */
    private static String plain(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*<\\[\\]])", "\\\\$1");
    }
}
