package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.exec.PosixShell;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.HostRecords;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.probe.SettingsTrial;
import dev.holdfast.postgres.restore.DestinationState;
import dev.holdfast.postgres.restore.TablespaceProbe;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.DataDirectoryState;
import dev.holdfast.postgres.state.DirectoryRecords;
import dev.holdfast.postgres.state.InstalledVersions;
import dev.holdfast.postgres.state.ProxyRecords;
import dev.holdfast.postgres.state.ReplicationGap;
import dev.holdfast.postgres.state.RepositoryServerState;
import dev.holdfast.postgres.value.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every script that observes prints, in each shell that a host can have, the records that Java reads. */
@Tag("real")
class ScriptContractTest {

    @TempDir
    static Path folder;

    private static final String HOSTILE = "a \"quote\", a \\ and é";

    private static TestServers servers;
    private static ScriptRenderer words;
    private static Node stopped;
    private static Node running;

    @BeforeAll
    static void start() throws IOException {
        servers = new TestServers();
        words = new ScriptRenderer(new SecretStore(folder, Map.of(), Map.of(), false));
        running = servers.postgres(1, "fsync = off");
        stopped = servers.postgres(2, "fsync = off");
        servers.killPostgres(stopped);
        Path directory = Path.of(stopped.directory());
        TestServers.shell("chmod 755 " + directory + " && mkdir -p " + directory + "/conf " + directory + "/kept/1");
        Files.writeString(directory.resolve("holdfast.node"), "estate " + stopped.id() + "\n");
        Files.writeString(directory.resolve("conf/postgresql.conf"), "# no\n\nlog_line_prefix = '" + HOSTILE + "\t'\n");
        Files.writeString(directory.resolve("conf/role.conf"), "# no\nprimary_slot_name = 'b2'\n");
        Files.writeString(directory.resolve("fence"), HOSTILE + "\n");
        Files.writeString(
                directory.resolve("history"),
                "1\t2026-01-01T00:00:00Z\t1\ta1\tfailover\t\n"
                        + "2\t2026-01-01T00:00:01Z\t1\ta1\tin-sync\tFIRST 1 (\"b1\")\n");
        Files.writeString(directory.resolve("rewind"), "from b1\n");
        Files.writeString(directory.resolve("unread"), "1\tthe " + HOSTILE + "\n");
        Files.writeString(directory.resolve("kept/1/count"), "5\t2\n");
    }

    @AfterAll
    static void stop() throws IOException {
        servers.close();
    }

    private static ScriptAnswer answer(PosixShell shell, ScriptFormat format, Map<String, Object> values)
            throws Exception {
        shell.assumed();
        ScriptAnswer answer = format.read(shell.run(words.shell(new Script(format.script(), values))));
        assertThat(answer.isOk()).as(answer.sentence()).isTrue();
        return answer;
    }

    private static String line(Node node, String... more) {
        return node.id() + "\t" + node.directory() + "\t" + String.join("\t", more);
    }

    @ParameterizedTest
    @EnumSource
    void hosts(PosixShell shell) throws Exception {
        Node absent = servers.node(3, Node.Kind.POSTGRES, 5432);
        String address = "127.0.0.1\t1";
        String nodes = String.join(
                "\n",
                line(running, running.data() + "/postmaster.pid", address),
                line(stopped, stopped.data() + "/postmaster.pid", address),
                line(absent, absent.data() + "/postmaster.pid", address));
        ScriptAnswer answer = answer(
                shell,
                HostRecords.LOOK,
                Map.of("nodes", nodes, "mark", "estate", "programs", "sh none-such", "names", "no.such.name.invalid"));
        HostFacts up = HostFacts.of(running, answer);
        assertThat(up.isUp()).isTrue();
        assertThat(up.directoryOwner()).isEqualTo(DirectoryOwner.FOREIGN);
        assertThat(HostFacts.of(stopped, answer).isDown()).isTrue();
        assertThat(HostFacts.of(stopped, answer).directoryOwner()).isEqualTo(DirectoryOwner.OURS);
        assertThat(HostFacts.of(absent, answer).directoryOwner()).isEqualTo(DirectoryOwner.ABSENT);
        assertThat(answer.records().toString())
                .containsPattern("Program\\[name=sh, path=[^]]+]")
                .contains("Program[name=none-such, path=]")
                .contains("Unresolved[name=no.such.name.invalid]");
    }

    private static void isDescribed(DataDirectoryState disk) {
        assertThat(disk.hasDatabase()).isTrue();
        assertThat(disk.wouldBePrimary()).isTrue();
        assertThat(disk.control().systemIdentifier()).matches("[0-9]{10,}");
        assertThat(disk.control().state()).isEqualTo("in production");
        assertThat(disk.control().checkpointLsn()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(disk.control().timeline()).isEqualTo(1);
        assertThat(disk.marks()).containsEntry("fence", HOSTILE).containsKeys("history", "took");
        assertThat(disk.history().orElseThrow().inSync()).containsExactly("b1");
        assertThat(disk.files().get("role.conf")).containsExactly("primary_slot_name = 'b2'");
    }

    @ParameterizedTest
    @EnumSource
    void directories_of_servers(PosixShell shell) throws Exception {
        ScriptAnswer answer = answer(
                shell, DirectoryRecords.LOOK, Map.of("nodes", line(stopped) + "\n" + line(running), "binaries", ""));
        DataDirectoryState disk = DataDirectoryState.of(stopped.id(), answer);
        isDescribed(disk);
        assertThat(disk.files().get("postgresql.conf")).containsExactly("log_line_prefix = '" + HOSTILE + "\t'");
        assertThat(disk.written()).isGreaterThan(1e9);
        DataDirectoryState up = DataDirectoryState.of(running.id(), answer);
        assertThat(up.hasDatabase()).isTrue();
        assertThat(up.control().systemIdentifier()).isEmpty();
        assertThat(up.marks()).containsEntry("port", Integer.toString(running.port()));
        InstalledVersions versions = InstalledVersions.of(answer);
        assertThat(versions.programs()).isNotEmpty();
        assertThat(versions.user()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void members_at_a_role_change(PosixShell shell) throws Exception {
        ScriptAnswer answer = answer(
                shell,
                DirectoryRecords.ROLE_CHANGE,
                Map.of(
                        "nodes",
                        line(stopped, "server", "127.0.0.1", "1") + "\n" + line(running, "server", "127.0.0.1", "1"),
                        "mark",
                        "estate",
                        "ends",
                        "yes",
                        "binaries",
                        ""));
        assertThat(HostFacts.of(stopped, answer).isDown()).isTrue();
        assertThat(HostFacts.of(running, answer).isUp()).isTrue();
        DataDirectoryState disk = DataDirectoryState.of(stopped.id(), answer);
        isDescribed(disk);
        assertThat(disk.brokenRewind().orElseThrow()).contains("a rewind from b1 ");
        assertThat(disk.unread().orElseThrow()).endsWith("kept/1: the " + HOSTILE);
        assertThat(disk.marks()).containsEntry("kept", "1").containsEntry("preserved", "5 rows of 2 commits");
    }

    @ParameterizedTest
    @EnumSource
    void proxies_that_do_not_run(PosixShell shell) throws Exception {
        Path conf = Files.createDirectories(folder.resolve("proxy-" + shell + "/conf"));
        Files.writeString(conf.resolve("haproxy.cfg"), "# one\n# format 1, " + HOSTILE + "\n");
        Files.writeString(conf.resolve("pgbouncer.ini"), ";; one\n;; format 1, " + HOSTILE + "\n");
        Map<String, Object> nodes = Map.of("nodes", "pay/proxies/a1\t" + conf.getParent());
        for (ScriptFormat format : List.of(ProxyRecords.HAPROXY, ProxyRecords.PGBOUNCER)) {
            assertThat(answer(shell, format, nodes).records().toString())
                    .contains("Inputs[id=pay/proxies/a1, text=format 1, " + HOSTILE + "]")
                    .contains("Edited[id=pay/proxies/a1]")
                    .containsPattern("Version\\[version=[0-9.]+]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void servers_of_a_repository(PosixShell shell) throws Exception {
        Path conf = Files.createDirectories(folder.resolve("repository-" + shell + "/conf"));
        TestServers.shell("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=a -keyout /dev/null -out "
                + conf.resolve("tls.pem") + " 2>/dev/null && cat " + conf.resolve("tls.pem") + " "
                + conf.resolve("tls.pem") + " >" + conf.resolve("trusted.pem"));
        Files.writeString(conf.resolve("server.conf"), "# one\n# format 1, " + HOSTILE + "\n");
        ScriptAnswer answer =
                answer(shell, RepositoryServerState.LOOK, Map.of("nodes", "pay/repository/v1\t" + conf.getParent()));
        assertThat(answer.records().toString())
                .containsPattern("Certificate\\[id=pay/repository/v1, body=[A-Za-z0-9+/=]{200,}]")
                .contains("Ending[id=", "Trusted[id=", "Edited[id=", "text=format 1, " + HOSTILE + "]");
    }

    /** A host accepts the certificates of the others as they are, and none that the key of one of them has signed. */
    @ParameterizedTest
    @EnumSource
    void the_key_of_a_repository_server_certifies_no_other_key(PosixShell shell) throws Exception {
        shell.assumed();
        Path directory = folder.resolve("key-" + shell);
        Map<String, Object> values = Map.of(
                "directory",
                directory.toString(),
                "mark",
                "estate pay/repository/v1",
                "name",
                "v1",
                "address",
                "127.0.0.1");
        ActionResult made = shell.run(words.shell(new Script("postgres/tls-key.sh", values)));
        assertThat(made.isOk()).as(made.sentence()).isTrue();
        Path key = directory.resolve("conf/tls.pem");
        assertThat(TestServers.shell("openssl x509 -in " + key + " -noout -ext basicConstraints,subjectAltName"))
                .contains("CA:FALSE", "DNS:127.0.0.1");
        assertThat(TestServers.shell("openssl verify -CAfile " + key + " " + key))
                .contains("OK");
        Path other = directory.resolve("other");
        assertThat(TestServers.shell(
                        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=other"
                                + " -keyout " + other + ".key -out " + other
                                + ".csr 2>/dev/null; openssl x509 -req -in "
                                + other
                                + ".csr -CA " + key + " -CAkey " + key + " -set_serial 7 -out " + other
                                + ".crt 2>/dev/null; openssl verify -CAfile " + key + " " + other
                                + ".crt 2>&1 || true"))
                .contains("invalid CA certificate");
    }

    private static String binaries() {
        return TestServers.shell("ls -d /usr/lib/postgresql/$(cat " + stopped.data() + "/PG_VERSION)/bin")
                .strip();
    }

    @ParameterizedTest
    @EnumSource
    void wal_of_a_stopped_server(PosixShell shell) throws Exception {
        ScriptAnswer looked = answer(shell, DirectoryRecords.LOOK, Map.of("nodes", line(stopped), "binaries", ""));
        String from = DataDirectoryState.of(stopped.id(), looked).control().checkpointLsn();
        Map<String, Object> values = Map.of(
                "directory",
                stopped.directory(),
                "binaries",
                binaries(),
                "timeline",
                1,
                "position",
                from,
                "pieces",
                "1 " + from + " -");
        ReplicationGap gap = ReplicationGap.ofLost(answer(shell, ReplicationGap.OF_LOST, values), Lsn.at(from));
        assertThat(gap.isKnown()).isTrue();
        assertThat(gap.bytes()).isPositive();
        assertThat(gap.waiters()).isGreaterThan(100);
        ReplicationGap branch = ReplicationGap.ofBranch(answer(shell, ReplicationGap.OF_BRANCH, values), Lsn.at(from));
        assertThat(branch.isKnown()).isTrue();
        assertThat(branch.bytes()).isEqualTo(gap.bytes());
    }

    @ParameterizedTest
    @EnumSource
    void settings_that_a_server_refuses(PosixShell shell) throws Exception {
        Map<String, Object> values = Map.of("directory", running.directory(), "binaries", binaries(), "role", "");
        assertThat(records(shell, SettingsTrial.CHECK, values, "settings", "max_connections = 50"))
                .isEqualTo("[]");
        assertThat(records(shell, SettingsTrial.CHECK, values, "settings", "shared_preload_libraries = 'no \"such\"'"))
                .contains("Refused[reason=FATAL:")
                .contains("such");
    }

    private static String records(
            PosixShell shell, ScriptFormat format, Map<String, Object> values, String name, Object value)
            throws Exception {
        Map<String, Object> all = new HashMap<>(values);
        all.put(name, value);
        return answer(shell, format, all).records().toString();
    }

    @ParameterizedTest
    @EnumSource
    void archiving_restores_and_tablespaces(PosixShell shell) throws Exception {
        Path place = Files.createDirectories(folder.resolve("space"));
        Path link = Path.of(stopped.data(), "pg_tblspc/16999");
        TestServers.shell("ln -sfn " + place + " " + link);
        assertThat(records(shell, TablespaceProbe.FORMAT, Map.of(), "nodes", line(stopped)))
                .contains("FoundSpace[id=" + stopped.id() + ", oid=16999, location=" + place + ", reason=");
        Files.delete(link);
        assertThat(records(shell, DestinationState.LOOK, Map.of(), "directory", stopped.directory()))
                .contains("Progress[order=, finished=, data=PRIMARY, process=DOWN, reached=, free=");
        Map<String, Object> archive = Map.of(
                "binaries",
                binaries(),
                "folder",
                folder.resolve("none").toString(),
                "stanza",
                "payments",
                "elsewhere",
                "no",
                "config",
                "[global]",
                "system",
                "1");
        assertThat(records(shell, ArchivingState.LOOK, archive, "directory", stopped.directory()))
                .containsPattern("System\\[id=[0-9]{10,}]")
                .contains("Gone[]")
                .doesNotContain("Configured", "Stanza", "Arrived");
        assertThat(records(shell, ArchivingState.CONFIGURED, archive, "directory", stopped.directory()))
                .isEqualTo("[]");
    }
}
