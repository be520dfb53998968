package dev.holdfast.cli.run;

import dev.holdfast.cli.view.PlanView;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Questions to the person at the terminal; without a terminal no question is asked. */
public final class Confirmation {

    /** One process runs one command, and a command can ask several times. */
    private static final AtomicLong WAITED_NANOS = new AtomicLong();

    private Confirmation() {}

    /** Returns how long this process has waited for answers so far; no time limit includes that time. */
    static Duration waited() {
        return Duration.ofNanos(WAITED_NANOS.get());
    }

    /** @throws HoldfastException {@code noTerminal} when there is no terminal to ask at */
    public static void mustHaveTerminal(CliContext cliContext, HoldfastException noTerminal) {
        if (!cliContext.isTerminal() || System.console() == null) {
            throw noTerminal;
        }
    }

    /**
     * Shows the planned steps and asks for confirmation. Asks nothing when no steps are planned or when a refusal prevents
     * them.
     *
     * @param hint what to do in a run without a terminal
     */
    public static void goOn(
            CliContext cliContext, CommandSpec spec, Topology topology, List<Runbook.Planned> plans, String hint) {
        long steps = plans.stream().mapToLong(p -> p.plan().steps().size()).sum();
        if (steps == 0 || plans.stream().anyMatch(p -> !p.plan().refusals().isEmpty())) {
            return;
        }
        HoldfastException noTerminal = new HoldfastException(
                ExitCode.REFUSED,
                topology.name(),
                steps + (steps == 1 ? " step needs" : " steps need")
                        + " confirmation and there is no terminal. Nothing was changed",
                hint);
        mustHaveTerminal(cliContext, noTerminal);
        plan(spec, topology, plans);
        yes(cliContext, spec, "Continue?", noTerminal);
    }

    /**
     * Returns the same runbooks, each of which is refused before a change when it would begin with a step that was not shown.
     * While a person reads, the estate can change. A step that is no longer necessary is no reason to refuse.
     *
     * @param shown what the person confirmed
     */
    public static List<Runbook<?>> checked(List<Runbook<?>> runbooks, List<Runbook.Planned> shown) {
        Set<String> confirmed = steps(shown);
        return runbooks.stream()
                .<Runbook<?>>map(r -> r.checkedBy(plans -> mustBeConfirmed(r.cluster(), confirmed, steps(plans))))
                .toList();
    }

    private static void mustBeConfirmed(String cluster, Set<String> confirmed, Set<String> planned) {
        List<String> added =
                planned.stream().filter(s -> !confirmed.contains(s)).toList();
        if (!added.isEmpty()) {
            throw new HoldfastException(
                    ExitCode.REFUSED,
                    cluster,
                    "the estate has changed since its plan was shown. Nothing was changed"
                            + added.stream().map(s -> "\n    now planned: " + s).collect(Collectors.joining()),
                    "run the command again, and read its plan");
        }
    }

    private static Set<String> steps(List<Runbook.Planned> plans) {
        return plans.stream()
                .flatMap(p -> p.plan().steps().stream())
                .map(s -> s.lane() + "  " + s.title())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Shows the steps that the next question refers to. */
    public static void plan(CommandSpec spec, Topology topology, List<Runbook.Planned> plans) {
        PrintWriter err = spec.commandLine().getErr();
        new PlanView(err, spec.commandLine().getColorScheme().ansi(), false).print(topology, plans);
        err.flush();
    }

    /** @throws HoldfastException {@code noTerminal} when there is no terminal */
    static boolean agreed(CliContext cliContext, CommandSpec spec, String question, HoldfastException noTerminal) {
        return answer(cliContext, spec, question + " [y/N] ", noTerminal)
                .toLowerCase(Locale.ROOT)
                .matches("y|yes");
    }

    /** @throws HoldfastException {@code noTerminal} when there is no terminal, REFUSED when the answer is not yes */
    public static void yes(CliContext cliContext, CommandSpec spec, String question, HoldfastException noTerminal) {
        if (!agreed(cliContext, spec, question, noTerminal)) {
            throw new HoldfastException(ExitCode.REFUSED, spec.name(), "not confirmed. Nothing was changed", "");
        }
    }

    /** @throws HoldfastException {@code noTerminal} when there is no terminal, REFUSED when another word is typed */
    public static void typed(
            CliContext cliContext, CommandSpec spec, String question, String word, HoldfastException noTerminal) {
        String answer = answer(cliContext, spec, question, noTerminal);
        if (!answer.equals(word)) {
            throw new HoldfastException(
                    ExitCode.REFUSED, word, "the typed name is not " + word + ". Nothing was changed", "");
        }
    }

    /**
     * Asks for one line of text.
     *
     * @throws HoldfastException {@code noTerminal} when there is no terminal
     */
    public static String answer(
            CliContext cliContext, CommandSpec spec, String question, HoldfastException noTerminal) {
        mustHaveTerminal(cliContext, noTerminal);
        PrintWriter err = spec.commandLine().getErr();
        err.print(question);
        err.flush();
        long asked = System.nanoTime();
        String line = System.console().readLine();
        WAITED_NANOS.addAndGet(System.nanoTime() - asked);
        return line == null ? "" : line.strip();
    }
}
