package dev.holdfast.cli.command;

import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.PlanView;
import dev.holdfast.engine.Maintenance;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.world.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Decides one or several maneuvers, and says what was decided or does it: all of them, or none when one is refused. */
final class Maneuvers {

    private final Desk desk;
    private final CommonOptions options;
    private final CommandSpec spec;
    private final String command;
    /** Whether a cluster that is in maintenance is left as it is. */
    private final boolean heedsMaintenance;

    /** A maneuver with what its table decided. */
    private record Case(Maneuver<?> maneuver, Maneuver.Decided decided, Runbook<?> atOnce) {
        static Case of(Maneuver<?> maneuver, World world) {
            Maneuver.Ruled ruled = maneuver.rule(world);
            return new Case(maneuver, ruled.decided(), ruled.book());
        }

        Case paused(Maintenance maintenance) {
            return new Case(maneuver, Maneuvers.paused(maintenance), maneuver.book());
        }
    }

    Maneuvers(Desk desk, CommonOptions options, CommandSpec spec, String command) {
        this(desk, options, spec, command, false);
    }

    Maneuvers(Desk desk, CommonOptions options, CommandSpec spec, String command, boolean heedsMaintenance) {
        this.heedsMaintenance = heedsMaintenance;
        this.desk = desk;
        this.options = options;
        this.spec = spec;
        this.command = command;
    }

    /** Says what is decided and would be done; changes nothing. */
    int tell(Topology topology, List<Maneuver<?>> maneuvers) {
        try (Desk.Hands hands = desk.forLooking(topology, options.parallelism)) {
            List<Case> cases = decided(hands.world(), topology, maneuvers);
            Optional<Refusal> refused =
                    cases.stream().flatMap(c -> c.decided().refusal().stream()).findFirst();
            List<Runbook.Planned> plans = refused.isPresent() ? List.of() : Estate.plan(books(cases), hands.world());
            Map<String, Object> data = Data.result(command + " --dry-run", topology.name());
            if (cases.size() == 1) {
                data.putAll(facts(cases.get(0)));
            } else {
                data.put("decisions", cases.stream().map(Maneuvers::facts).toList());
            }
            data.put("acts", plans.stream().map(Data::of).toList());
            Told.result(spec, options, data, out -> {
                cases.forEach(c -> print(out, c));
                if (refused.isEmpty()) {
                    new PlanView(out, spec.commandLine().getColorScheme().ansi(), options.verbose)
                            .print(topology, plans);
                }
            });
            cases.forEach(c -> c.decided()
                    .refusal()
                    .ifPresent(r -> Refusals.print(spec.commandLine().getErr(), r)));
            return refused.map(r -> r.exit().code()).orElse(Exit.DONE.code());
        }
    }

    /** @throws Trouble with the first refusal, before anything is done */
    int perform(Topology topology, List<Maneuver<?>> maneuvers) throws IOException {
        List<Runbook<?>> afterwards =
                maneuvers.stream().flatMap(m -> m.afterwards().stream()).toList();
        return new Run(desk, options, spec, command).followedBy(afterwards).carryOut(topology, world -> {
            List<Case> cases = decided(world, topology, maneuvers);
            cases.stream()
                    .flatMap(c -> c.decided().refusal().stream())
                    .findFirst()
                    .ifPresent(r -> {
                        throw new Trouble(r.exit(), r.where(), r.what(), r.hint());
                    });
            announce(cases);
            if (options.yes) {
                return cases.stream().<Runbook<?>>map(Case::atOnce).toList();
            }
            List<Runbook<?>> books = books(cases);
            if (!Estate.plan(books, world).stream().allMatch(p -> p.plan().isEmpty())) {
                ask(cases);
            }
            return books;
        });
    }

    private void ask(List<Case> cases) {
        String sentences = cases.stream().map(c -> c.decided().sentence()).collect(Collectors.joining("; "));
        String question = cases.stream()
                .map(c -> c.decided().sentence() + " because " + c.decided().because())
                .collect(Collectors.joining("; "));
        Question.yes(
                desk,
                spec,
                question + ". Go on?",
                new Trouble(
                        Exit.REFUSED,
                        cases.get(0).maneuver().book().cluster(),
                        sentences + ", and nobody to ask whether to do it",
                        "look at --dry-run, then run again with --yes"));
    }

    /** The looks at the clusters and at what is on record of maintenance are made side by side. */
    private List<Case> decided(World world, Topology topology, List<Maneuver<?>> maneuvers) {
        List<Maintenance> maintained = new ArrayList<>();
        List<Case> cases = new ArrayList<>();
        world.sideBySide(List.<Supplier<Boolean>>of(
                () -> cases.addAll(world.sideBySide(maneuvers.stream()
                        .<Supplier<Case>>map(m -> () -> Case.of(m, world))
                        .toList())),
                () -> heedsMaintenance
                        && maintained.addAll(Maintenance.look(
                                world,
                                maneuvers.stream()
                                        .flatMap(m -> topology.cluster(m.book().cluster()).stream())
                                        .toList()))));
        return cases.stream()
                .map(c -> maintained.stream()
                        .filter(m -> m.cluster().equals(c.maneuver().book().cluster()))
                        .findFirst()
                        .map(c::paused)
                        .orElse(c))
                .toList();
    }

    private static Maneuver.Decided paused(Maintenance maintenance) {
        return new Maneuver.Decided(
                "nothing is done", maintenance.told(), Optional.of(maintenance.refusal()), Duration.ZERO);
    }

    private static List<Runbook<?>> books(List<Case> cases) {
        return cases.stream().<Runbook<?>>map(c -> c.maneuver().book()).toList();
    }

    private static Map<String, Object> facts(Case one) {
        Maneuver.Decided decided = one.decided();
        return Data.map(
                "cluster", one.maneuver().book().cluster(),
                "decision", decided.sentence(),
                "because", decided.because(),
                "expected_write_pause_ms", decided.pause().toMillis(),
                "refusal", decided.refusal().map(Data::of).orElse(null));
    }

    private static void print(PrintWriter out, Case one) {
        Maneuver.Decided decided = one.decided();
        out.println("decision: " + decided.sentence());
        out.println("because:  " + decided.because());
        if (decided.refusal().isEmpty() && !decided.pause().isZero()) {
            out.println("expected write pause: about " + decided.pause().toMillis() + " ms");
        }
    }

    private void announce(List<Case> cases) {
        if (!options.quiet) {
            PrintWriter err = spec.commandLine().getErr();
            for (Case one : cases) {
                err.println("decision: " + one.decided().sentence());
                err.println("because:  " + one.decided().because());
            }
            err.flush();
        }
    }
}
