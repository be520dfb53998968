package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.HostAccess;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.configuration.HbaRules;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.ReplicationSlots;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.SettingValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class SmallPartsTest {

    @Test
    void positions_in_the_log_are_compared_as_numbers() {
        assertThat(Lsn.at("1/0").isPast(Lsn.at("0/FFFFFFFF"))).isTrue();
        assertThat(Lsn.at("0/10").isPast(Lsn.at("0/9"))).isTrue();
        assertThat(Lsn.at("16/B374D848")).hasToString("16/B374D848");
        assertThat(Lsn.at("")).isEqualTo(Lsn.START);
    }

    @ParameterizedTest(name = "{0} is {1} {2}: {4}")
    @CsvSource({
        "128MB, 16384, 8kB, integer, true",
        "0.125GB, 16384, 8kB, integer, true",
        "129MB, 16384, 8kB, integer, false",
        "200, 200, '', integer, true",
        "5s, 5000, ms, integer, true",
        "5min, 300, s, integer, true",
        "1d, 1440, min, integer, true",
        "0.9, 0.9, '', real, true",
        "true, on, '', bool, true",
        "LOCAL, local, '', enum, true",
        "'a, b', 'a,b', '', string, false",
        "-1, -1, kB, integer, true"
    })
    void a_setting_as_people_write_it_is_compared_with_what_the_server_shows(
            String desired, String setting, String unit, String type, boolean same) {
        assertThat(SettingValue.isSame(desired, Map.of("setting", setting, "unit", unit, "vartype", type)))
                .isEqualTo(same);
    }

    @Test
    void slots_have_names_that_postgresql_allows_and_that_are_unique() {
        PostgresCluster cluster = new Trio()
                .member("b-2", MemberRole.SYNC)
                .member("b_2", MemberRole.SYNC)
                .member("C1", MemberRole.ASYNC)
                .cluster();
        assertThat(cluster.members().stream().map(m -> ReplicationSlots.name(cluster, m)))
                .containsExactly("a1", "b1", "d1", "b_2", "b_2_2", "c1");
    }

    @Test
    void values_with_quotes_and_backslashes_stay_one_value() {
        assertThat(ServerConfiguration.lines(Map.of("log_line_prefix", "it's \\ %m\n")))
                .containsExactly("log_line_prefix = 'it''s \\\\ %m\\n'");
    }

    @Test
    void replication_comes_from_members_only_and_every_host_from_the_estate_only() {
        Trio trio = new Trio();
        assertThat(HbaRules.rules(trio.estate(), trio.cluster()))
                .containsExactly(
                        "local all postgres peer map=holdfast",
                        "local all all scram-sha-256",
                        "host replication replicator 10.0.0.1/32 scram-sha-256",
                        "host replication replicator 10.0.0.2/32 scram-sha-256",
                        "host replication replicator 10.0.0.4/32 scram-sha-256",
                        "host all all 10.0.0.1/32 scram-sha-256",
                        "host all all 10.0.0.2/32 scram-sha-256",
                        "host all all 10.0.0.4/32 scram-sha-256");
    }

    @Test
    void declared_clients_can_log_in_and_over_ssh_the_networks_of_the_servers() {
        Trio trio = new Trio();
        trio.clients = Optional.of(List.of("192.168.0.0/16"));
        assertThat(HbaRules.rules(trio.estate(), trio.cluster())).endsWith("host all all 192.168.0.0/16 scram-sha-256");
        trio.clients = Optional.empty();
        trio.reach = new HostAccess.Ssh("dba", 22, "", "", "", "", false);
        assertThat(HbaRules.rules(trio.estate(), trio.cluster())).endsWith("host all all samenet scram-sha-256");
    }

    @Test
    void what_differs_is_reported_with_the_observed_and_the_desired_value() {
        List<String> state = List.of("a = '1'", "c = '3'");
        List<String> desired = List.of("a = '2'", "b = '1'");
        assertThat(ConfigurationDiff.ofSettings("role.conf", state, desired))
                .containsExactly(
                        "a is '1' in role.conf, desired '2'",
                        "b is not in role.conf, desired '1'",
                        "c is '3' in role.conf, not declared");
        assertThat(ConfigurationDiff.description(List.of("a", "b", "c", "d", "e")))
                .isEqualTo("a; b; c; and 2 more");
    }
}
