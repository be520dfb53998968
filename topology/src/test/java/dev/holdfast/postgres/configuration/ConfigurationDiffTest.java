package dev.holdfast.postgres.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.SecretRef;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.FakeServer;
import dev.holdfast.postgres.Trio;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A plan lists and reverts exactly the settings that were changed by hand. */
@Tag("unit")
class ConfigurationDiffTest {

    private final Bank bank = Bank.applied(new Trio());

    private void repairs(String... titles) {
        assertThat(bank.titles()).containsExactly(titles);
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_setting_set_by_alter_system() {
        bank.at("a1").altered.put("work_mem", "9MB");
        bank.at("a1").read();
        assertThat(bank.reasons()).containsExactly("work_mem is '9MB' by ALTER SYSTEM, declared '4MB'");
        repairs("Reset ALTER SYSTEM settings on a1");
    }

    @Test
    void a_setting_edited_in_the_file_whether_or_not_the_server_has_read_it() {
        edit("d1", "postgresql.conf", "work_mem = '4MB'", "work_mem = 1GB");
        assertThat(bank.reasons()).containsExactly("work_mem is 1GB in postgresql.conf, desired '4MB'");
        bank.at("d1").read();
        repairs("Update the configuration of d1");
    }

    @Test
    void a_folder_that_the_servers_user_could_put_links_into() {
        bank.at("b1").marks.put("owner", "postgres");
        assertThat(bank.reasons())
                .containsExactly("the directory belongs to postgres, and this user can replace files that root uses");
        repairs("Update the configuration of b1");
    }

    @Test
    void a_line_added_to_pg_hba() {
        List<String> lines = new ArrayList<>(bank.at("b1").files.get("pg_hba.conf"));
        lines.add("host all all 0.0.0.0/0 trust");
        bank.at("b1").files.put("pg_hba.conf", lines);
        assertThat(bank.reasons())
                .containsExactly("pg_hba.conf has \"host all all 0.0.0.0/0 trust\", which is not declared");
        repairs("Update the configuration of b1");
    }

    @Test
    void a_configuration_that_was_written_but_not_read_yet() {
        bank.at("b1").written = bank.at("b1").loaded + 5;
        repairs("Update the configuration of b1");
    }

    @Test
    void a_standby_that_was_pointed_elsewhere() {
        bank.at("d1").altered.put("primary_conninfo", "host=10.0.0.9 port=5432");
        bank.at("d1").read();
        repairs("Reset ALTER SYSTEM settings on d1");
    }

    @Test
    void a_dropped_slot() {
        bank.at("a1").slots.remove("d1");
        repairs("Create the replication slot d1");
    }

    @Test
    void a_slot_that_has_no_owner_is_reported_and_left_alone() {
        bank.at("a1").slots.add("old_report");
        assertThat(bank.titles()).isEmpty();
        assertThat(bank.open())
                .containsExactly(
                        "the slot old_report on a1 retains WAL, and no program uses the slot: if no program needs the "
                                + "slot, drop it on a1: SELECT pg_drop_replication_slot('old_report')");
    }

    @Test
    void emptied_synchronous_standby_names() {
        bank.at("a1").altered.put("synchronous_standby_names", "");
        bank.at("a1").read();
        repairs("Set synchronous_standby_names on a1 to FIRST 1 (\"b1\")");
        assertThat(bank.at("a1").altered).isEmpty();
        assertThat(bank.at("a1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"b1\")");
    }

    @Test
    void a_changed_password_a_missing_right_and_a_foreign_membership() {
        bank.at("a1").roles.get("clerk").password = new SecretRef("another");
        bank.at("a1").roles.get("clerk").memberOf.add("pg_monitor");
        bank.at("a1").roles.get("rewinder").mayRewind = false;
        bank.at("a1").roles.get("replicator").superuser = true;
        assertThat(bank.reasons())
                .contains(
                        "replicator is one with login, replication, superuser, desired for replication only",
                        "login as clerk fails with <secret payments/users/clerk>",
                        "clerk is a member of pg_monitor, which is not declared");
        repairs(
                "Correct the privileges of the role replicator",
                "Correct the privileges of the role rewinder",
                "Set the password of clerk",
                "Make clerk a member of pg_read_all_data");
    }

    @Test
    void an_outdated_password_file() {
        bank.at("b1").knows = "yesterday";
        assertThat(bank.reasons()).containsExactly("the password file differs from the current passwords");
        repairs("Update the password file of b1");
    }

    @Test
    void sessions_sent_elsewhere_and_a_proxy_configuration_that_was_edited() {
        bank.fake.proxy("a1").ready = new java.util.TreeSet<>(List.of("primary/d1", "standbys/b1"));
        assertThat(bank.reasons()).containsExactly("writes go to d1 and reads to b1");
        repairs("Send writes to a1, reads to b1");
        bank.fake.proxy("a1").edited = true;
        repairs("Replace the process of the proxy a1");
    }

    @Test
    void a_proxy_that_is_gone_comes_back_with_its_routes() {
        bank.fake.proxy("a1").up = false;
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.fake.proxy("a1").ready).containsExactly("primary/a1", "standbys/b1");
        assertThat(bank.titles()).isEmpty();
    }

    private void edit(String name, String file, String from, String to) {
        FakeServer server = bank.at(name);
        List<String> lines = new ArrayList<>(server.files.get(file));
        lines.replaceAll(l -> l.equals(from) ? to : l);
        server.files.put(file, lines);
        server.written = server.loaded + 1;
    }
}
