package dev.holdfast.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.preflight.Finding.Level;
import dev.holdfast.preflight.PreflightRecords.Address;
import dev.holdfast.preflight.PreflightRecords.Clock;
import dev.holdfast.preflight.PreflightRecords.Link;
import dev.holdfast.preflight.PreflightRecords.LinkState;
import dev.holdfast.preflight.PreflightRecords.Machine;
import dev.holdfast.preflight.PreflightRecords.Moment;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each finding that compares several hosts: names, connections and clocks. */
@Tag("unit")
class PreflightMeshTest {

    private final PreflightScene scene = new PreflightScene();

    private void link(LinkState state, String reason) {
        scene.with(
                "b1",
                new Link("a1.example", 5432, state, reason),
                l -> l.address().equals("a1.example") && l.port() == 5432);
    }

    private void address(String host, String name, String value) {
        scene.with(host, new Address(name, value), a -> a.name().equals(name));
    }

    private Finding only() {
        List<Finding> findings = scene.findings();
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).host()).isEqualTo("b1");
        return findings.get(0);
    }

    @Test
    void a_name_without_an_address_is_an_error() {
        address("b1", "a1.example", "");
        assertThat(only().code()).isEqualTo(FindingCode.NAME_UNRESOLVED);
        assertThat(only().level()).isEqualTo(Level.ERROR);
    }

    @Test
    void a_name_with_another_address_on_one_host_is_an_error() {
        address("b1", "a1.example", "10.9.9.9");
        assertThat(only().code()).isEqualTo(FindingCode.NAME_DIFFERS);
        assertThat(only().level()).isEqualTo(Level.ERROR);
        assertThat(only().value()).isEqualTo("10.9.9.9");
        assertThat(only().limit()).isEqualTo("10.0.0.1");
        assertThat(only().what()).isEqualTo("the name a1.example has another address than on a1, c1");
    }

    @Test
    void a_name_with_one_more_address_on_one_host_is_a_warning() {
        scene.with("b1", new Address("a1.example", "10.9.9.9"), a -> false);
        assertThat(only().code()).isEqualTo(FindingCode.NAME_DIFFERS);
        assertThat(only().level()).isEqualTo(Level.WARNING);
    }

    /** Debian's line 127.0.1.1 for the name of the host itself. */
    @Test
    void a_loopback_address_on_one_of_several_machines_is_an_error() {
        address("b1", "b1.example", "127.0.1.1");
        assertThat(only().code()).isEqualTo(FindingCode.NAME_LOOPBACK);
        assertThat(only().level()).isEqualTo(Level.ERROR);
        assertThat(only().value()).isEqualTo("127.0.1.1");
        assertThat(only().hint()).contains("/etc/hosts");
    }

    @Test
    void a_loopback_address_on_one_machine_is_fine() {
        for (String host : List.of("a1", "b1", "c1")) {
            address(host, "b1.example", "127.0.1.1");
            scene.with(host, new Machine("one"));
        }
        assertThat(scene.findings()).isEmpty();
        scene.with("b1", new Machine(""));
        assertThat(scene.findings())
                .as("when a host does not say which machine it is")
                .hasSize(3)
                .allSatisfy(f -> assertThat(f.level()).isEqualTo(Level.WARNING));
    }

    @Test
    void a_blocked_port_is_an_error_that_names_both_hosts() {
        link(LinkState.BLOCKED, "no answer within 3 s");
        assertThat(only().code()).isEqualTo(FindingCode.CONNECTION_BLOCKED);
        assertThat(only().level()).isEqualTo(Level.ERROR);
        assertThat(only().peer()).isEqualTo("a1");
        assertThat(only().what()).isEqualTo("the host cannot reach port 5432 of a1 (a1.example)");
        assertThat(only().value()).isEqualTo("no answer within 3 s");
        assertThat(scene.report().connections()).isEqualTo(new ConnectionCounts(0, 11, 1, 0));
        assertThat(scene.report().stopping(Set.of("a1"))).hasSize(1);
        assertThat(scene.report().stopping(Set.of("b1"))).hasSize(1);
        assertThat(scene.report().stopping(Set.of("c1"))).isEmpty();
    }

    @Test
    void all_blocked_ports_between_two_hosts_are_one_finding() {
        link(LinkState.BLOCKED, "no answer within 3 s");
        scene.with(
                "b1",
                new Link("a1.example", 8008, LinkState.BLOCKED, "no answer within 3 s"),
                l -> l.address().equals("a1.example") && l.port() == 8008);
        assertThat(only().what()).contains("ports 5432, 8008 of a1");
    }

    @Test
    void a_host_that_does_not_answer_holdfast_does_not_count_as_blocked() {
        link(LinkState.BLOCKED, "no answer within 3 s");
        scene.silent("a1", "no answer");
        assertThat(scene.findings()).isEmpty();
        assertThat(scene.report().connections()).isEqualTo(new ConnectionCounts(0, 4, 0, 4));
    }

    @Test
    void a_refused_connection_is_an_error_only_where_a_server_listens() {
        link(LinkState.REFUSED, "connection refused");
        assertThat(scene.findings()).isEmpty();
        for (String other : List.of("c1")) {
            scene.with(
                    other,
                    new Link("a1.example", 5432, LinkState.CONNECTED, ""),
                    l -> l.address().equals("a1.example") && l.port() == 5432);
        }
        scene.server("a1", NodeAvailability.UP, DirectoryOwner.OURS);
        assertThat(only().code()).isEqualTo(FindingCode.CONNECTION_REFUSED);
        assertThat(scene.report().connections()).isEqualTo(new ConnectionCounts(1, 11, 0, 0));
        link(LinkState.CONNECTED, "");
        assertThat(scene.findings()).isEmpty();
    }

    @Test
    void a_connection_that_was_not_tested_is_never_fine() {
        link(LinkState.UNTESTED, "neither perl nor bash with timeout is installed");
        assertThat(only().code()).isEqualTo(FindingCode.CONNECTION_UNTESTED);
        assertThat(only().level()).isEqualTo(Level.WARNING);
        assertThat(only().value()).contains("neither perl nor bash");
        assertThat(scene.report().connections().untested()).isEqualTo(1);
    }

    @Test
    void ports_for_clients_are_not_tried_from_other_hosts() {
        assertThat(scene.needs().links(scene.node("a1").host()))
                .hasSize(4)
                .allSatisfy(l -> assertThat(l.port().number()).isIn(5432, 8008));
    }

    private void clock(double ahead) {
        double at = PreflightScene.SENT.getEpochSecond() + ahead;
        scene.with("b1", new Clock(Moment.BEGIN, at + 0.01), c -> true)
                .with("b1", new Clock(Moment.END, at + 0.99), c -> c.at() == Moment.END);
    }

    @ParameterizedTest
    @CsvSource({"0.4, ", "0.49, INFORMATION", "0.6, WARNING", "-0.6, WARNING", "59, WARNING", "61, ERROR", "-61, ERROR"
    })
    void an_offset_counts_beyond_the_error_of_its_measurement(double ahead, Level level) {
        clock(ahead);
        if (level == null) {
            assertThat(scene.findings()).isEmpty();
            return;
        }
        assertThat(only().code()).isEqualTo(FindingCode.CLOCK_OFFSET);
        assertThat(only().level()).isEqualTo(level);
        assertThat(only().value()).contains("s, at most 0.020 s wrong");
        assertThat(only().peer()).isNotEmpty();
    }

    @Test
    void one_machine_has_one_clock() {
        List.of("a1", "b1", "c1").forEach(h -> scene.with(h, new Machine("one")));
        clock(0.6);
        assertThat(scene.findings()).isEmpty();
    }
}
