package dev.holdfast.mongodb;

import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Servers that are declared no more: their processes are ended, their directories are kept and told. */
final class Strays {

    private Strays() {}

    static Plan plan(MongoSeen seen) {
        boolean stillMembers = seen.sets().stream().anyMatch(s -> !s.others().isEmpty());
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Stray stray : seen.strays()) {
            if (stray.up() && !stillMembers) {
                steps.add(stop(seen, stray));
            } else if (!stray.up()) {
                notes.add(stray.node().id() + " is declared no more; its directory "
                        + stray.node().directory() + " on "
                        + stray.node().host().name() + " is kept");
            }
        }
        return new Plan(steps, List.of(), notes);
    }

    private static Step stop(MongoSeen seen, Stray stray) {
        return Step.on(stray.node().id(), "Stop " + stray.node().id())
                .because("it runs, is declared no more and is no member of any set")
                .type(seen.server(stray.node()).stop())
                .until(ended(seen, stray), Duration.ofSeconds(90));
    }

    private static Condition ended(MongoSeen seen, Stray stray) {
        String id = stray.node().id();
        return new Condition("the process of " + id + " has ended", world -> {
            boolean up = HostFiles.look(world, seen.topology(), seen.cluster()).strays().stream()
                    .anyMatch(s -> s.node().id().equals(id) && s.up());
            return new Glimpse(!up, up ? "it lives" : "it has ended");
        });
    }
}
