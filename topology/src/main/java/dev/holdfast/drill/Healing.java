package dev.holdfast.drill;

import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The fifth phase of a drill: mend, bring the estate to what is declared, and look until it is whole. */
final class Healing {

    private static final Duration WHOLE = Duration.ofMinutes(5);

    private Healing() {}

    static void run(Stage stage) {
        stage.next("heal");
        stage.mark("heal", "");
        mend(stage);
        stage.drill().course().heal(stage);
        Instant limit = stage.world().now().plus(WHOLE);
        List<String> lacking = List.of("never looked at");
        while (!lacking.isEmpty()
                && stage.world().now().isBefore(limit)
                && !String.valueOf(stage.stopped()).equals(DrillRun.INTERRUPTED)) {
            lacking = provide(stage);
            if (lacking.isEmpty()) {
                lacking = stage.look().complaints();
            }
            if (!lacking.isEmpty()) {
                stage.world().pause(Duration.ofSeconds(1));
            }
        }
        stage.mark(lacking.isEmpty() ? "whole" : "not whole", String.join("; ", lacking));
    }

    /** The last mend tells the moment from which nothing is broken any more. */
    static void mend(Stage stage) {
        if (stage.damage().mendAll()) {
            stage.mark("mended", "");
        }
    }

    private static List<String> provide(Stage stage) {
        List<Runbook<?>> books = stage.scene().clusters().stream()
                .<Runbook<?>>map(s -> s.engine().provision(s.topology(), s.cluster()))
                .toList();
        return stage.carryOut(books).stream()
                .flatMap(o -> Stream.concat(
                        o.failures().stream(), o.refusals().stream().map(Refusal::what)))
                .toList();
    }
}
