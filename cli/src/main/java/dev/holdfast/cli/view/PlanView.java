package dev.holdfast.cli.view;

import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.DestructiveChange;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** A plan as text: each step with a sign, its node and its reason, then a summary. */
public final class PlanView {

    private final PrintWriter out;
    private final Ansi ansi;
    private final boolean everyAction;

    /** @param everyAction whether to print every statement and script in full */
    public PlanView(PrintWriter out, Ansi ansi, boolean everyAction) {
        this.out = out;
        this.ansi = ansi;
        this.everyAction = everyAction;
    }

    public void print(Topology topology, List<Runbook.Planned> plans) {
        long steps = plans.stream().mapToLong(p -> p.plan().steps().size()).sum();
        for (Runbook.Planned planned : plans) {
            if (planned.plan().isEmpty()) {
                continue;
            }
            out.println(ansi.string("@|bold " + planned.cluster() + ": " + planned.stage() + "|@"));
            planned.plan().steps().forEach(this::print);
        }
        List<String> notes =
                plans.stream().flatMap(p -> p.plan().notes().stream()).toList();
        notes.forEach(n -> out.println(
                n.startsWith(DestructiveChange.MARK)
                        ? ansi.string("@|yellow drift:|@") + " " + n.substring(DestructiveChange.MARK.length())
                        : "note: " + n));
        boolean whole = plans.stream().allMatch(p -> p.plan().missing().isEmpty());
        boolean refused = plans.stream().anyMatch(p -> !p.plan().refusals().isEmpty());
        long open =
                plans.stream().flatMap(p -> p.plan().open().stream()).distinct().count();
        long drifts =
                notes.stream().filter(n -> n.startsWith(DestructiveChange.MARK)).count();
        String end;
        if (steps > 0) {
            end = ": " + steps + (steps == 1 ? " step" : " steps") + " planned.  " + counted(plans)
                    + (refused ? "; refused: nothing is done until the named problem is solved" : "");
        } else if (refused) {
            end = ": refused; nothing is done until the named problem is solved.";
        } else if (!whole) {
            end = ": nothing else to do; refusals and missing nodes are listed below.";
        } else if (drifts + open > 0) {
            end = ": no steps planned; " + left(drifts, open);
        } else {
            end = " is as declared; nothing to do.";
        }
        out.println("Estate " + topology.name() + end);
    }

    /** Returns how many steps have each sign; the line also explains the signs. */
    private String counted(List<Runbook.Planned> plans) {
        Map<StepSign, Long> counts = plans.stream()
                .flatMap(p -> p.plan().steps().stream())
                .collect(Collectors.groupingBy(
                        StepSign::of, () -> new EnumMap<>(StepSign.class), Collectors.counting()));
        return counts.entrySet().stream()
                .map(c -> c.getKey().counted(ansi, c.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String left(long drifts, long open) {
        String drift = drifts == 0 ? "" : drifts + (drifts == 1 ? " drift" : " drifts");
        String difference = open == 0 ? "" : open + (open == 1 ? " open difference" : " open differences");
        return drift + (drifts > 0 && open > 0 ? ", " : "") + difference + ".";
    }

    private void print(Step step) {
        String risk = step.risk() == Step.Risk.NONE ? "" : "  [" + step.risk() + "]";
        out.println("  " + StepSign.of(step).printed(ansi) + " " + step.lane() + "  " + step.title() + risk);
        out.println("      because " + step.because());
        if (everyAction) {
            step.actions().forEach(a -> out.println("      " + a.target() + " <- " + a.script()));
            out.println("      until " + step.until().description() + ", within "
                    + step.within().toSeconds() + " s");
        }
    }
}
