package dev.holdfast.drill.run;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.drill.Scenario;
import dev.holdfast.plan.Workload.Stream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Goes along while something is broken: tells the hosts that the CLI is alive, mends what has lasted long enough, and
 * breaks the drill off when it hurts more than it was meant to.
 */
final class FaultHeartbeat {

    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final int BEAT = 30;
    private static final long LEAST_FREE = 256L << 20;

    private final DrillContext stage;
    private final boolean[] spared;

    FaultHeartbeat(DrillContext stage, EstateState seen) {
        this.stage = stage;
        List<Stream> streams = stage.workload().streams();
        this.spared = new boolean[streams.size()];
        for (int i = 0; i < spared.length; i++) {
            spared[i] =
                    stage.drill().course().felt(stage.scene(), seen, streams.get(i)) == Scenario.ClientImpact.NOTHING;
        }
    }

    void until(AtomicBoolean over) {
        for (long turn = 0; !over.get(); turn++) {
            if (turn % BEAT == 0) {
                stage.damage().renew();
                abort();
            }
            if (stage.damage().mendDue()) {
                stage.mark("mended", "");
            }
            stage.world().pause(GLANCE);
        }
    }

    private void abort() {
        if (stage.struckAt() == Long.MAX_VALUE) {
            return;
        }
        Duration most = stage.drill().circumstances().othersSilent();
        List<LoadGenerator.Counts> tallies = stage.witness().tallies();
        for (int i = 0; i < spared.length; i++) {
            long since = Math.max(tallies.get(i).lastAcknowledged(), stage.struckAt());
            if (spared[i] && stage.witness().now() - since > most.toNanos()) {
                stage.stop(stage.workload().streams().get(i).name()
                        + ", which was to feel nothing, was not served for more than " + most.toSeconds() + " s");
            }
        }
        stage.breaks().room(stage.scene().topology()).forEach((host, free) -> {
            if (free < LEAST_FREE) {
                stage.stop("host " + host + " has " + (free >> 20) + " MiB left, at least " + (LEAST_FREE >> 20)
                        + " are wanted");
            }
        });
    }
}
