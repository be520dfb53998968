package dev.holdfast.postgres.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.Trio;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is refused before anything is touched. */
@Tag("unit")
class PreconditionsTest {

    private static void refuses(Bank bank, String where, String what) {
        bank.world.forget();
        assertThat(bank.refusals())
                .anySatisfy(r -> assertThat(r).startsWith(where + ": ").contains(what));
        assertThat(bank.apply().exit()).isIn(ExitCode.REFUSED, ExitCode.UNREACHABLE);
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void a_directory_that_is_not_ours() {
        Bank bank = new Bank(new Trio());
        bank.fake.foreign.add("/h/b1/payments/servers");
        refuses(bank, "payments/servers/b1", "no mark of this cluster");
    }

    @Test
    void a_data_folder_that_is_no_database() {
        Bank bank = new Bank(new Trio());
        bank.at("a1").odd = true;
        refuses(bank, "payments/servers/a1", "no database");
    }

    @Test
    void a_port_in_use() {
        Bank bank = new Bank(new Trio());
        bank.fake.taken.add("10.0.0.2:5432");
        refuses(bank, "payments/servers/b1", "something else listens on 10.0.0.2:5432");
    }

    @Test
    void a_server_that_runs_on_another_port() {
        for (String name : List.of("a1", "b1")) {
            Bank bank = Bank.applied(new Trio());
            bank.fake.blocked.add(name);
            bank.at(name).marks.put("port", "5999");
            refuses(bank, "payments/servers/" + name, "the server runs on port 5999, desired 5432");
        }
    }

    @Test
    void a_read_endpoint_in_use() {
        Bank bank = new Bank(new Trio());
        bank.fake.taken.add("10.0.0.1:5001");
        refuses(bank, "payments/proxies/a1", "something else listens on 10.0.0.1:5001");
    }

    @Test
    void programs_that_are_missing_or_too_old() {
        Bank bank = new Bank(new Trio());
        bank.fake.programs.clear();
        refuses(bank, "payments/servers/a1", "no PostgreSQL server programs");
        bank.fake.programs.putAll(new TreeMap<>(java.util.Map.of(13, "13.9")));
        refuses(bank, "payments/servers/a1", "PostgreSQL 13.9 in /pg/13, supported are 14 to 18");
        bank.fake.programs.put(15, "15.1");
        bank.fake.haproxy = "";
        refuses(bank, "payments/proxies/a1", "no haproxy");
    }

    @Test
    void a_program_that_is_not_of_the_declared_version_starts_nothing() {
        Bank bank = new Bank(new Trio().version("15.2"));
        refuses(bank, "payments/servers/a1", "PostgreSQL 15.18 in /pg/15 on a1 is not the declared version 15.2");
        assertThat(bank.runbook().plan(bank.world).stream()
                        .flatMap(p -> p.plan().refusals().stream())
                        .map(Refusal::hint))
                .contains(
                        "install PostgreSQL 15.2 there, name its directory with binaries:, or declare version: \"15\"");
        refuses(
                new Bank(new Trio().version("16")),
                "payments/servers/b1",
                "PostgreSQL [15] in PATH and /usr/lib/postgresql on b1, but the cluster needs the declared version 16");
        assertThat(new Bank(new Trio().version("15")).apply().isDone()).isTrue();
        assertThat(new Bank(new Trio().version("15.18")).apply().isDone()).isTrue();
    }

    @Test
    void a_program_that_does_not_report_its_version_is_not_the_declared_minor_version() {
        Bank bank = new Bank(new Trio().version("15.2"));
        bank.fake.programs.put(15, "");
        refuses(
                bank,
                "payments/servers/a1",
                "PostgreSQL 15 of unknown minor version in /pg/15 on a1 is not the declared version 15.2");
    }

    @Test
    void the_declared_version_selects_among_the_major_versions_that_are_installed() {
        Bank bank = new Bank(new Trio().version("15"));
        bank.fake.programs.put(16, "16.4");
        assertThat(bank.look().major()).isEqualTo(15);
        assertThat(new Bank(new Trio()).look().major()).isEqualTo(15);
        Bank any = new Bank(new Trio());
        any.fake.programs.put(16, "16.4");
        assertThat(any.look().major()).isEqualTo(16);
    }

    @Test
    void data_of_another_major_version_than_the_declared_one_is_refused_with_the_way_out() {
        Bank bank = Bank.applied(new Trio());
        bank.trio.version("16");
        refuses(bank, "payments/servers/a1", "PostgreSQL 15.18 in /pg/15 on a1 is not the declared version 16");
        assertThat(bank.runbook().plan(bank.world).stream()
                        .flatMap(p -> p.plan().refusals().stream())
                        .map(Refusal::hint))
                .contains(
                        "the data needs PostgreSQL 15: declare version: \"15\"; another major version needs a new cluster");
    }

    @Test
    void a_running_server_of_another_version_is_an_open_difference_and_a_problem() {
        Bank bank = Bank.applied(new Trio());
        bank.trio.version("15.19");
        bank.fake.programs.put(15, "15.19");
        assertThat(bank.runbook().plan(bank.world).stream()
                        .flatMap(p -> p.plan().open().stream())
                        .map(r -> r.where() + ": " + r.what()))
                .contains("payments/servers/b1: the server runs PostgreSQL 15.18, declared version 15.19");
        assertThat(bank.look().problems())
                .anyMatch(p -> p.contains("b1: the server runs PostgreSQL 15.18, declared version 15.19; HINT: "));
        bank.trio.version("15");
        assertThat(bank.look().problems()).noneMatch(p -> p.contains("declared version"));
    }

    @Test
    void a_folder_that_the_servers_user_may_not_pass() {
        Bank bank = new Bank(new Trio());
        bank.fake.closed = "/root";
        refuses(bank, "payments/servers/a1", "user postgres has no access to the directory /root");
    }

    @Test
    void a_silent_host_while_no_primary_is_observed() {
        Bank bank = new Bank(new Trio());
        bank.fake.silentHosts.add("d1");
        refuses(bank, "payments/servers/d1", "the host d1 does not answer");
        assertThat(bank.apply().exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(bank.refusals()).noneMatch(r -> r.contains("a version that all members have"));
    }

    @Test
    void a_silent_host_of_the_primary_refuses_nothing_about_the_others() {
        Bank bank = Bank.applied(new Trio());
        bank.fake.silentHosts.add("a1");
        assertThat(bank.refusals())
                .singleElement(STRING)
                .startsWith("payments/servers/a1: the host a1 does not answer");
    }

    @Test
    void two_primaries() {
        Bank bank = Bank.applied(new Trio());
        bank.promoted("b1");
        refuses(bank, "payments", "two primaries, a split brain: a1 (timeline 1, ");
    }

    @Test
    void a_member_of_another_cluster() {
        Bank bank = Bank.applied(new Trio());
        bank.at("d1").systemIdentifier = "99";
        refuses(bank, "payments", "different system identifiers: a1, b1 has 71; d1 has 99");
    }

    @Test
    void members_of_different_versions() {
        Bank bank = Bank.applied(new Trio());
        bank.at("d1").major = 16;
        refuses(bank, "payments", "different major versions: a1, b1 has 15; d1 has 16");
    }

    @Test
    void another_superuser_password() {
        Bank bank = Bank.applied(new Trio());
        bank.at("b1").roles = new TreeMap<>();
        refuses(
                bank,
                "payments/servers/b1",
                "the password of the superuser postgres is not the value of the secret payments/admin");
    }

    @Test
    void a_lost_primary_is_not_replaced_by_an_empty_one() {
        Bank bank = Bank.applied(new Trio());
        bank.at("a1").up = false;
        bank.at("a1").data = false;
        bank.at("a1").mark = "";
        refuses(bank, "payments", "no member is or was primary, but b1, d1 have data");
    }

    @Test
    void two_stopped_members_that_were_primary() {
        Bank bank = Bank.applied(new Trio());
        bank.promoted("b1");
        bank.fake.servers.values().forEach(s -> s.up = false);
        bank.at("a1").commits = 1;
        bank.at("b1").commits = 2;
        refuses(
                bank,
                "payments",
                "several members stopped as primary: b1 on timeline 2 with 2 commits of its own, a1 on timeline 1 with 1"
                        + " commit of its own");
    }

    @Test
    void a_stopped_primary_that_another_member_has_overtaken() {
        Bank bank = Bank.applied(new Trio());
        bank.fake.servers.values().forEach(s -> s.up = false);
        bank.at("d1").timeline = 2;
        refuses(bank, "payments/servers/a1", "d1 is on timeline 2: another member was promoted since");
    }

    @Test
    void an_old_primary_left_over_from_a_failover() {
        Bank bank = Bank.applied(new Trio());
        bank.at("a1").up = false;
        bank.promoted("b1");
        refuses(
                bank,
                "payments/servers/a1",
                "the member was a primary on timeline 1 when its server ended, and b1 is primary now");
    }

    @Test
    void a_standby_that_is_ahead_of_where_its_timeline_was_left() {
        Bank bank = Bank.applied(new Trio());
        bank.at("a1").data = false;
        bank.at("a1").up = false;
        bank.promoted("b1");
        bank.at("d1").up = false;
        bank.at("d1").end += 0x2000;
        refuses(
                bank,
                "payments/servers/d1",
                "the member has WAL up to 0/1002000 of timeline 1, but b1 has that timeline only up to 0/1000000");
    }
}
