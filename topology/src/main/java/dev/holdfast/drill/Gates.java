package dev.holdfast.drill;

import dev.holdfast.model.Environment;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.util.ArrayList;
import java.util.List;

/** What must be so before anything is broken on purpose. */
final class Gates {

    private final World world;
    private final Breaks breaks;

    Gates(World world, Breaks breaks) {
        this.world = world;
        this.breaks = breaks;
    }

    /** Empty when the drill may begin; each refusal names its gate. */
    List<Refusal> refusals(Drill drill, Scene scene, Observed seen) {
        List<Refusal> all = new ArrayList<>();
        environment(scene, all);
        healthy(scene, seen, all);
        if (all.isEmpty()) {
            settled(scene, all);
            leftOver(scene, all);
        }
        if (all.isEmpty()) {
            possible(drill, scene, seen, all);
        }
        return all;
    }

    private static void environment(Scene scene, List<Refusal> all) {
        if (scene.topology().environment() == Environment.PRODUCTION) {
            all.add(new Refusal(
                    scene.topology().name(),
                    "gate environment: it is production, and the topology does not enrol it for drills",
                    "drill a copy of the estate whose environment is lab or staging"));
        }
    }

    private static void healthy(Scene scene, Observed seen, List<Refusal> all) {
        seen.complaints()
                .forEach(c -> all.add(new Refusal(
                        scene.name(), "gate healthy: " + c, "holdfast status, then apply; drill what is whole")));
    }

    private void settled(Scene scene, List<Refusal> all) {
        Runbook<?> book = scene.engine().provision(scene.topology(), scene.cluster());
        long steps = book.plan(world).stream()
                .mapToLong(p -> p.plan().steps().size() + p.plan().refusals().size())
                .sum();
        if (steps > 0) {
            all.add(new Refusal(
                    scene.name(), "gate settled: the plan has " + steps + " steps, wanted 0", "holdfast apply first"));
        }
    }

    private void leftOver(Scene scene, List<Refusal> all) {
        breaks.recorded(scene.topology())
                .forEach(r -> all.add(new Refusal(
                        r.host().name(),
                        "gate mended: " + r.story() + " is still on record",
                        "holdfast drill cleanup")));
    }

    private void possible(Drill drill, Scene scene, Observed seen, List<Refusal> all) {
        var victims = drill.aim().victims(scene, seen);
        if (victims.isEmpty()) {
            all.add(new Refusal(
                    scene.name(),
                    "gate target: there is nobody to strike: " + drill.aim().sentence(),
                    ""));
        }
        drill.fault().forEach(f -> victims.forEach(v -> all.addAll(breaks.impossible(f, v))));
    }
}
