package dev.holdfast.drill.run;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.drill.Scenario;
import dev.holdfast.plan.Workload.Stream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The background task during a fault: sends heartbeats to the hosts, reverts faults whose duration is over, and ends the
 * drill early when it does more harm than intended.
 */
final class FaultHeartbeat {

    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final int BEAT = 30;
    private static final long LEAST_FREE = 256L << 20;

    private final Drill drill;
    private final DrillContext drillContext;
    private final boolean[] spared;

    FaultHeartbeat(Drill drill, DrillContext drillContext, EstateState state) {
        this.drill = drill;
        this.drillContext = drillContext;
        List<Stream> streams = drillContext.workload().streams();
        this.spared = new boolean[streams.size()];
        for (int i = 0; i < spared.length; i++) {
            spared[i] = drill.scenario().clientImpact(drillContext.scope(), state, streams.get(i))
                    == Scenario.ClientImpact.NOTHING;
        }
    }

    void until(AtomicBoolean over) {
        for (long turn = 0; !over.get(); turn++) {
            if (turn % BEAT == 0) {
                drillContext.damage().renew();
                abort();
            }
            if (drillContext.damage().revertDue()) {
                drillContext.mark("reverted", "");
            }
            drillContext.context().pause(GLANCE);
        }
    }

    private void abort() {
        if (drillContext.injectedAt() == Long.MAX_VALUE) {
            return;
        }
        Duration most = drill.circumstances().othersSilent();
        List<LoadGenerator.Counts> tallies = drillContext.loadGenerator().tallies();
        for (int i = 0; i < spared.length; i++) {
            long since = Math.max(tallies.get(i).lastAcknowledged(), drillContext.injectedAt());
            if (spared[i] && drillContext.loadGenerator().now() - since > most.toNanos()) {
                drillContext.stop(drillContext.workload().streams().get(i).name()
                        + " is not a target of the fault, but was not served for more than " + most.toSeconds() + " s");
            }
        }
        drillContext.breaks().freeSpace(drillContext.scope().topology()).forEach((host, free) -> {
            if (free < LEAST_FREE) {
                drillContext.stop("host " + host + " has " + (free >> 20) + " MiB free, the minimum is "
                        + (LEAST_FREE >> 20) + " MiB");
            }
        });
    }
}
