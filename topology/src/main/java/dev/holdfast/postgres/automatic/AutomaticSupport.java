package dev.holdfast.postgres.automatic;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.Optional;
import java.util.Set;

/** The refusals of what would stop servers or change roles without Patroni, in a cluster that Patroni runs. */
public final class AutomaticSupport {

    /** After these drills, a member returns by a rejoin. The revert of the others starts no server of Patroni. */
    private static final Set<String> DRILLS = Set.of("pg-primary-kill");

    private AutomaticSupport() {}

    /** Throws for a cluster that Patroni runs. */
    public static void requireRestoreInPlace(PostgresCluster cluster) {
        if (cluster.automatic().isPresent()) {
            throw refused(
                    cluster,
                    "holdfast restore --into in-place",
                    "restore side by side: holdfast restore " + cluster.name() + " --label NAME");
        }
    }

    /** Throws for a cluster that Patroni runs, and a drill that does not support it. */
    public static void requireDrill(PostgresCluster cluster, String drill) {
        if (cluster.automatic().isPresent() && !DRILLS.contains(drill)) {
            throw refused(
                    cluster,
                    "the drill " + drill,
                    "run holdfast drill run pg-primary-kill, or this drill on a cluster with failover: manual");
        }
    }

    private static HoldfastException refused(PostgresCluster cluster, String what, String hint) {
        return new HoldfastException(
                ExitCode.REFUSED,
                cluster.name(),
                what + " does not support a cluster with failover: automatic yet. Nothing was changed",
                hint,
                Optional.of(DecisionCode.AUTOMATIC_FAILOVER));
    }
}
