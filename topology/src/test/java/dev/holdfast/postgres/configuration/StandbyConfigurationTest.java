package dev.holdfast.postgres.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A standby sends the password of the replication role by SCRAM only, where its libpq knows the option. */
@Tag("unit")
class StandbyConfigurationTest {

    @ParameterizedTest
    @CsvSource({"14, false", "15, false", "16, true", "17, true", "18, true"})
    void a_standby_requires_scram_since_version_16(int major, boolean requires) {
        PostgresCluster cluster = new Trio().cluster();
        Member standby = cluster.members().get(1);
        String conninfo = ServerConfiguration.ofStandby(
                        cluster, standby, cluster.members().get(0).node(), major)
                .get("primary_conninfo");
        assertThat(conninfo).contains("user=replicator").doesNotContain("password");
        assertThat(conninfo.endsWith(" require_auth=scram-sha-256"))
                .as(conninfo)
                .isEqualTo(requires);
    }
}
