package dev.holdfast.postgres.probe;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.List;
import java.util.Optional;

/** Ends operations that stop or promote servers where Patroni runs these, although failover: manual is declared. */
public final class PatroniGuard {

    private PatroniGuard() {}

    /** Throws when Patroni runs a member: it would start a stopped server again, or promote another one meanwhile. */
    public static void check(PostgresCluster cluster, List<MemberState> members) {
        members.stream()
                .filter(m -> cluster.automatic().isEmpty() && m.disk().hasPatroni())
                .findFirst()
                .ifPresent(m -> {
                    throw new HoldfastException(
                            ExitCode.REFUSED,
                            m.node().id(),
                            "Patroni runs this member, and failover: manual is declared. Nothing was changed",
                            "declare failover: automatic again; the conversion of a running cluster is not supported yet",
                            Optional.of(DecisionCode.AUTOMATIC_FAILOVER));
                });
    }
}
