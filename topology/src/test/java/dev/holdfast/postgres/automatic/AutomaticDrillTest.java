package dev.holdfast.postgres.automatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.DrillProfile;
import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.postgres.PostgresEngine;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Drills of a cluster that Patroni runs: what is predicted, and what is refused. */
@Tag("unit")
class AutomaticDrillTest {

    private final PostgresEngine engine = new PostgresEngine();

    private DrillProfile profile(Trio trio) {
        return engine.drillProfile(trio.estate(), trio.cluster());
    }

    @Test
    void the_recovery_time_is_that_of_the_leader_lock_and_not_of_an_operator() {
        DrillProfile automatic = profile(new Trio().automatic());
        assertThat(automatic.electsByItself()).isTrue();
        assertThat(automatic.returnsByRejoin()).isTrue();
        assertThat(automatic.forecast(PostgresCluster.SERVERS, FaultEffect.KILLED))
                .extracting(RecoveryTerm::name)
                .containsExactly("leader lock", "elect", "promote", "route");
        RecoveryTerm lock =
                automatic.forecast(PostgresCluster.SERVERS, FaultEffect.KILLED).get(0);
        assertThat(lock.least()).isLessThan(Duration.ofSeconds(30));
        assertThat(lock.most()).isEqualTo(Duration.ofSeconds(31));
        assertThat(lock.because()).contains("ttl 30s");

        DrillProfile manual = profile(new Trio());
        assertThat(manual.electsByItself()).isFalse();
        assertThat(manual.returnsByRejoin()).isFalse();
        assertThat(manual.forecast(PostgresCluster.SERVERS, FaultEffect.KILLED))
                .extracting(RecoveryTerm::name)
                .containsExactly("detect and decide", "fence", "promote", "route");
    }

    @Test
    void a_drill_whose_revert_starts_a_server_without_patroni_is_refused() {
        PostgresCluster automatic = new Trio().automatic().cluster();
        engine.requireDrill(automatic, "pg-primary-kill");
        engine.requireDrill(new Trio().cluster(), "pg-standby-loss");
        assertThatThrownBy(() -> engine.requireDrill(automatic, "pg-standby-loss"))
                .isInstanceOfSatisfying(HoldfastException.class, e -> {
                    assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
                    assertThat(e.code()).isEqualTo(Optional.of(DecisionCode.AUTOMATIC_FAILOVER));
                    assertThat(e.getMessage()).contains("the drill pg-standby-loss does not support");
                });
    }
}
