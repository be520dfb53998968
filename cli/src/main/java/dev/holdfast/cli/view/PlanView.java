package dev.holdfast.cli.view;

import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.Drift;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** A plan for people: what will be done on which node, and why. */
public final class PlanView {

    private final PrintWriter out;
    private final Ansi ansi;
    private final boolean everyAction;

    /** @param everyAction also print what is typed, word by word */
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
            out.println(ansi.string("@|bold " + planned.cluster() + ": " + planned.act() + "|@"));
            planned.plan().steps().forEach(this::print);
        }
        List<String> notes =
                plans.stream().flatMap(p -> p.plan().notes().stream()).toList();
        notes.forEach(n -> out.println(
                n.startsWith(Drift.MARK)
                        ? ansi.string("@|yellow drift:|@") + " " + n.substring(Drift.MARK.length())
                        : "note: " + n));
        boolean whole = plans.stream().allMatch(p -> p.plan().missing().isEmpty());
        long drifts = notes.stream().filter(n -> n.startsWith(Drift.MARK)).count();
        out.println(
                steps == 0
                        ? "Estate " + topology.name()
                                + (!whole
                                        ? ": nothing to do on the hosts that answer."
                                        : drifts == 0
                                                ? " is as declared; nothing to do."
                                                : ": nothing to do by itself; " + drifts
                                                        + (drifts == 1 ? " drift." : " drifts."))
                        : "Estate " + topology.name() + ": " + steps + (steps == 1 ? " step" : " steps") + " to do.");
    }

    private void print(Step step) {
        String risk = step.risk() == Step.Risk.NONE ? "" : "  [" + step.risk() + "]";
        out.println("  + " + step.lane() + "  " + step.title() + risk);
        out.println("      because " + step.because());
        if (everyAction) {
            step.actions().forEach(a -> out.println("      " + a.target() + " <- " + a.script()));
            out.println("      until " + step.until().says() + ", within "
                    + step.within().toSeconds() + " s");
        }
    }
}
