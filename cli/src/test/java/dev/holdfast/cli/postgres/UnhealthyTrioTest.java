package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.FaultRow;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** A real trio with one fault at a time: no command calls it healthy or as declared, and every hint leads out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class UnhealthyTrioTest {

    /** The rows of the default test command; all others run with {@code scripts/test --long}. */
    private static final Set<String> ALWAYS = Set.of(
            "standby frozen",
            "superuser granted by hand",
            "slot of no member",
            "replay paused",
            "proxy points to the wrong server",
            "fence left on a running standby",
            "standby fenced",
            "all connections of the primary in use",
            "pg_hba.conf rejects this machine",
            "base backup overdue",
            "secret of a user lost",
            "secrets of this machine lost",
            "secret is readable by others");

    private final List<AutoCloseable> held = new ArrayList<>();
    private RealTrio trio;

    @BeforeAll
    void a_trio_that_archives_is_created() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY.replace(
                "    settings:",
                "    backup: { full: weekly, archive: continuous, repository: /var/lib/holdfast/backup }\n"
                        + "    settings:"));
        trio.applied();
    }

    @AfterAll
    void nothing_is_left() throws Exception {
        for (AutoCloseable one : held) {
            one.close();
        }
        trio.close();
    }

    @TestFactory
    Stream<DynamicTest> the_fault_is_named_and_its_hint_leads_out() throws Exception {
        return rows().stream()
                .filter(r -> r.isAsked(ALWAYS))
                .map(r -> DynamicTest.dynamicTest(r.toString(), () -> r.run(trio.estate)));
    }

    private Path data(String host) {
        return trio.directory(host).resolve("data");
    }

    private void stop(String host) throws Exception {
        RealTrio.signal("INT", Long.toString(trio.postmaster(host)));
        Patience.until(host + " has ended", () -> trio.processes(host).isEmpty());
    }

    private void kill(String host) throws Exception {
        RealTrio.signal("KILL", trio.processes(host));
        Patience.until(host + " has ended", () -> trio.processes(host).isEmpty());
    }

    private static void sh(String script) throws Exception {
        Process process =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(script + ": " + output).isZero();
    }

    private Path repository() {
        return trio.estate.folder().resolve("b/trio-test/payments");
    }

    /** The look at that proxy waits for ever at its written configuration; its host answers all other questions. */
    private void standsStill(String host) throws Exception {
        sh("cd " + trio.proxyDirectory(host)
                + "/conf && mv haproxy.cfg.written written.kept && mkfifo haproxy.cfg.written");
    }

    private Path secrets() {
        return trio.estate.folder().resolve("home/trio-test/secrets");
    }

    private String haproxy(String host) throws IOException {
        StringBuilder pids = new StringBuilder();
        trio.estate
                .servers("/" + host + "/payments/proxies")
                .forEach(p -> pids.append(p.pid()).append(' '));
        return pids.toString();
    }

    private Path hba(String host) {
        return trio.directory(host).resolve("conf/pg_hba.conf");
    }

    private void isRejected(String host) throws Exception {
        Patience.until(
                host + " rejects the login",
                () -> trio.estate.run("status").out().contains(host + " does not answer: refused (28000)"));
    }

    /** Makes a base backup, and dates it back in pgBackRest's list, whose checksum it knows. */
    private void makeBackupOld() throws Exception {
        Ended made = trio.estate.run("backup", "run", "payments", "--yes");
        assertThat(made.exit()).as(made.toString()).isZero();
        try (Stream<Path> all = Files.walk(repository())) {
            for (Path list : all.filter(p -> p.getFileName().toString().matches("backup\\.info(\\.copy)?"))
                    .toList()) {
                PgBackRestList.age(list, 1_767_225_600);
            }
        }
    }

    private void connectUntilRefused() throws Exception {
        SQLException refused = null;
        while (refused == null) {
            try {
                held.add(trio.admin("a1", RealTrio.SERVER));
            } catch (SQLException last) {
                refused = last;
            }
        }
        assertThat(refused.getSQLState()).isEqualTo("53300");
    }

    private List<FaultRow> rows() throws Exception {
        List<FaultRow> rows = new ArrayList<>();
        rows.add(FaultRow.of("standby stopped", () -> stop("b1"))
                .critical()
                .status("b1 is stopped", "0 of 1 standbys are in sync: writes wait", "Start b1 as standby of a1")
                .plan(2, "Start b1 as standby of a1"));
        rows.add(FaultRow.of("DR copy killed", () -> kill("d1"))
                .status("d1 is stopped", "Start d1 as standby of a1")
                .plan(2, "Start d1 as standby of a1"));
        rows.add(FaultRow.of("primary killed", () -> kill("a1"))
                .critical()
                .status("no primary answers", "a1 is stopped", "Start a1 as primary")
                .plan(2, "Start a1 as primary"));
        rows.add(FaultRow.of("standby frozen", () -> RealTrio.signal("STOP", trio.processes("b1")))
                .silent()
                .critical()
                .status("b1 does not answer: the server's process", "is stopped by a signal")
                .plan(10, "payments/servers/b1", "is stopped by a signal")
                .onlyManually("; kill -CONT ", () -> RealTrio.signal("CONT", trio.processes("b1"))));
        rows.add(FaultRow.of("primary frozen", () -> RealTrio.signal("STOP", trio.processes("a1")))
                .silent()
                .critical()
                .status("no primary answers", "a1 does not answer: the server's process", "is stopped by a signal")
                .plan(10, "payments/servers/a1", "is stopped by a signal", "holdfast failover payments")
                .onlyManually("; kill -CONT ", () -> RealTrio.signal("CONT", trio.processes("a1"))));
        rows.add(FaultRow.of("proxy frozen", () -> RealTrio.signal("STOP", haproxy("b1")))
                .silent()
                .status("the proxy on b1 does not answer: the server's process", "is stopped by a signal")
                .plan(10, "payments/proxies/b1", "is stopped by a signal")
                .onlyManually("; kill -CONT ", () -> RealTrio.signal("CONT", haproxy("b1"))));
        rows.add(FaultRow.of("proxy not described by its host in time", () -> standsStill("b1"))
                .silent()
                .status("the proxy on b1 does not answer: no answer")
                .plan(10, "payments/proxies/b1: the host b1 does not answer, so this node stays unchanged: ")
                .never("no haproxy", "Replace the process", "Start the proxy", "is not running", "Send writes to")
                .onlyManually("make the host answer", () -> {
                    Ended applied = trio.estate.run("apply", "--yes");
                    assertThat(applied.exit()).as(applied.toString()).isEqualTo(10);
                    assertThat(applied.out() + applied.err())
                            .contains("payments/proxies/b1: the host b1 does not answer")
                            .doesNotContain("Replace the process");
                    sh("cd " + trio.proxyDirectory("b1") + "/conf && mv -f written.kept haproxy.cfg.written");
                }));
        rows.add(FaultRow.of("port taken by another process", () -> {
                    stop("d1");
                    held.add(new ServerSocket(RealTrio.SERVER, 5, InetAddress.getByName(trio.address("d1"))));
                })
                .silent()
                .status("d1 does not answer: a process listens on the node's port, but no process of the node is found")
                .plan(4, "something else listens on " + trio.address("d1") + ":5432")
                .manually(
                        "stop the process that listens there",
                        () -> held.remove(0).close()));
        rows.add(FaultRow.of("all connections of the primary in use", this::connectUntilRefused)
                .silent()
                .critical()
                .status("no primary answers", "a1 does not answer: refused (53300)")
                .plan(10, "payments/servers/a1", "sorry, too many clients", "end client sessions of a1, since")
                .never("holdfast failover")
                .onlyManually("end client sessions of a1", () -> {
                    Ended failover = trio.estate.run("failover", "payments", "--yes");
                    assertThat(failover.exit()).as(failover.toString()).isEqualTo(4);
                    assertThat(failover.err())
                            .contains("the server reports an error: refused (53300)")
                            .contains("HINT: end client sessions of a1");
                    Ended rejoin = trio.estate.run("rejoin", "payments/servers/b1", "--yes");
                    assertThat(rejoin.exit()).as(rejoin.toString()).isEqualTo(10);
                    assertThat(rejoin.err()).contains("HINT: end client sessions of a1");
                    for (AutoCloseable session : held) {
                        session.close();
                    }
                    held.clear();
                }));
        rows.add(FaultRow.of("pg_hba.conf rejects this machine", () -> {
                    sh("sed -i '1i host all postgres 0.0.0.0/0 reject' " + hba("a1"));
                    RealTrio.signal("HUP", Long.toString(trio.postmaster("a1")));
                })
                .silent()
                .critical()
                .after(() -> isRejected("a1"))
                .status("a1 does not answer: refused (28000): FATAL: pg_hba.conf rejects connection")
                .plan(
                        10,
                        "Restore pg_hba.conf of a1",
                        "pg_hba.conf has \"host all postgres 0.0.0.0/0 reject\", which is not declared")
                .never("use the secrets", "Wait until")
                .leads("HINT: holdfast apply restores " + hba("a1")));
        rows.add(FaultRow.of("pg_hba.conf has no line for this machine", () -> {
                    sh("sed -i '/host all/d' " + hba("d1"));
                    RealTrio.signal("HUP", Long.toString(trio.postmaster("d1")));
                })
                .silent()
                .after(() -> isRejected("d1"))
                .status("d1 does not answer: refused (28000): FATAL: no pg_hba.conf entry for host")
                .plan(10, "Restore pg_hba.conf of d1", "pg_hba.conf lacks \"host all all 127.0.0.0/8 scram-sha-256\"")
                .never("use the secrets", "Wait until")
                .leads("HINT: holdfast apply restores " + hba("d1")));
        rows.add(FaultRow.of("pg_hba.conf asks for no password", () -> {
                    sh("sed -i 's/scram-sha-256/trust/' " + hba("a1"));
                    RealTrio.signal("HUP", Long.toString(trio.postmaster("a1")));
                })
                .silent()
                .critical()
                .after(() -> Patience.until(
                        "a1 asks for no password",
                        () -> trio.estate.run("status").out().contains("a1 does not answer")))
                .status("a1 does not answer")
                .plan(10, "Restore pg_hba.conf of a1", "pg_hba.conf lacks \"host all all 127.0.0.0/8 scram-sha-256\"")
                .never("a firewall or a route", "Wait until")
                .leads("HINT: holdfast apply restores " + hba("a1")));
        rows.add(FaultRow.of("pg_hba.conf edited without effect here", () -> {
                    sh("sed -i '1i host shop all 10.0.0.0/8 reject' " + hba("b1"));
                    RealTrio.signal("HUP", Long.toString(trio.postmaster("b1")));
                })
                .status("pg_hba.conf has \"host shop all 10.0.0.0/8 reject\", which is not declared")
                .plan(2, "Update the configuration of b1", "host shop all 10.0.0.0/8 reject"));
        rows.add(FaultRow.of("base backup overdue", this::makeBackupOld)
                .status("payments: a base backup is overdue: the newest began at 2026-01-01T00:00:00Z")
                .plan(2, "open: payments: a base backup is overdue")
                .applyLeavesItOpen()
                .out("backup run payments"));
        rows.add(FaultRow.of("password changed by hand", () -> trio.ask("a1", "ALTER ROLE clerk PASSWORD 'x'"))
                .status("Set the password of clerk")
                .plan(2, "Set the password of clerk"));
        rows.add(FaultRow.of("superuser granted by hand", () -> trio.ask("a1", "ALTER ROLE clerk SUPERUSER"))
                .status("clerk is one with login, superuser")
                .plan(2, "clerk is one with login, superuser"));
        rows.add(FaultRow.of("role expired", () -> trio.ask("a1", "ALTER ROLE clerk VALID UNTIL '2020-01-01'"))
                .status("clerk is one with expired, login, desired with login")
                .plan(2, "Correct the privileges of the role clerk")
                .never("Set the password of clerk"));
        rows.add(FaultRow.of("role granted by hand", () -> trio.ask("a1", "GRANT pg_write_all_data TO clerk"))
                .status("clerk is a member of pg_write_all_data, which is not declared")
                .plan(2, "clerk is a member of pg_write_all_data, which is not declared"));
        rows.add(FaultRow.of("role dropped by hand", () -> trio.ask("a1", "DROP ROLE clerk"))
                .status("the role clerk does not exist")
                .plan(2, "Create the role clerk"));
        rows.add(FaultRow.of("ALTER SYSTEM on the primary", () -> altered("a1", "work_mem = '9MB'"))
                .status("work_mem is '9MB' by ALTER SYSTEM, declared '4MB'")
                .plan(2, "work_mem is '9MB' by ALTER SYSTEM, declared '4MB'"));
        rows.add(FaultRow.of("ALTER SYSTEM that needs a restart", () -> altered("b1", "max_connections = 250"))
                .status("b1 must be restarted for max_connections", "max_connections is '250' by ALTER SYSTEM")
                .plan(2, "max_connections is '250' by ALTER SYSTEM"));
        rows.add(FaultRow.of(
                        "configuration file edited",
                        () -> sh("sed -i 's/work_mem = .*/work_mem = 8MB/' " + trio.directory("d1")
                                + "/conf/postgresql.conf"))
                .status("work_mem is 8MB in postgresql.conf")
                .plan(2, "work_mem is 8MB in postgresql.conf"));
        rows.add(FaultRow.of("standby detached", () -> altered("d1", "primary_conninfo = ''"))
                .after(() -> isDetached("d1"))
                .status("d1 does not stream from a1", "primary_conninfo is '' by ALTER SYSTEM")
                .plan(2, "primary_conninfo is '' by ALTER SYSTEM"));
        rows.add(FaultRow.of("replication slot dropped", () -> dropSlot("d1"))
                .after(() -> isDetached("d1"))
                .status("d1 does not stream from a1", "no slot exists for d1")
                .plan(2, "no slot exists for d1"));
        rows.add(FaultRow.of(
                        "slot of no member",
                        () -> trio.ask("a1", "SELECT pg_create_physical_replication_slot('ghost', true)"))
                .status("the slot ghost on a1 retains WAL, and no program uses the slot")
                .plan(2, "the slot ghost on a1 retains WAL, and no program uses the slot")
                .onlyManually(
                        "SELECT pg_drop_replication_slot('ghost')",
                        () -> trio.ask("a1", "SELECT pg_drop_replication_slot('ghost')")));
        rows.add(FaultRow.of("replay paused", () -> trio.ask("d1", "SELECT pg_wal_replay_pause()"))
                .status("replay is paused on d1")
                .plan(2, "replay is paused on d1, so the member does not follow")
                .onlyManually(
                        "SELECT pg_wal_replay_resume() on d1", () -> trio.ask("d1", "SELECT pg_wal_replay_resume()")));
        rows.add(FaultRow.of("archive_command fails", () -> {
                    altered("a1", "archive_command = 'false'");
                    newSegment();
                })
                .after(this::isArchivingFailing)
                .status("a1 cannot archive", "archive_command is 'false' by ALTER SYSTEM")
                .plan(2, "archive_command is 'false' by ALTER SYSTEM"));
        rows.add(FaultRow.of("archiver stands still", () -> {
                    RealTrio.signal("STOP", archiver());
                    newSegment();
                })
                .after(() -> Patience.until(
                        "a segment waits",
                        () -> trio.estate.run("status").out().contains("segments waiting to be archived")))
                .status("a1 has ", " segments waiting to be archived, and archive_command neither finishes nor fails")
                .plan(2, "archive_command neither finishes nor fails")
                .onlyManually("end a hanging archive-push", () -> RealTrio.signal("CONT", archiver())));
        rows.add(FaultRow.of("repository is gone", () -> {
                    Files.move(
                            trio.estate.folder().resolve("b"),
                            trio.estate.folder().resolve("b.away"));
                    newSegment();
                })
                .after(this::isArchivingFailing)
                .status("a1 cannot archive", "does not exist: the disk is not mounted, or the directory was removed")
                .plan(2, "a1 has archived WAL, but the repository " + repository() + " does not exist")
                .onlyManually(
                        "mount the disk of the repository",
                        () -> Files.move(
                                trio.estate.folder().resolve("b.away"),
                                trio.estate.folder().resolve("b"))));
        rows.add(FaultRow.of("repository is read-only", () -> {
                    sh("chmod -R a-w " + repository());
                    newSegment();
                })
                .after(this::isArchivingFailing)
                .status("a1 cannot archive", "cannot write to the repository in " + repository())
                .plan(2, "cannot write to the repository in " + repository())
                .onlyManually("correct the repository", () -> sh("chmod -R u+w " + repository())));
        rows.add(FaultRow.of("data folder of another owner", () -> {
                    stop("d1");
                    sh("stat -c %u:%g " + data("d1") + " >" + kept() + "; chown root:root " + data("d1"));
                })
                .status("d1 is stopped", "Start d1 as standby of a1")
                .plan(2, "Start d1 as standby of a1")
                .applyPrints("Start d1 as standby of a1", "Permission denied")
                .manually("", () -> sh("chown $(cat " + kept() + ") " + data("d1") + "; rm " + kept())));
        rows.add(FaultRow.of("data folder is read-only", () -> {
                    stop("d1");
                    sh("chmod 0500 " + data("d1") + " " + data("d1") + "/pg_wal " + data("d1") + "/global");
                })
                .status("d1 is stopped", "Start d1 as standby of a1")
                .plan(2, "Start d1 as standby of a1")
                .applyPrints("could not create lock file", "Permission denied")
                .manually(
                        "",
                        () -> sh("chmod 0700 " + data("d1") + " " + data("d1") + "/pg_wal " + data("d1") + "/global")));
        rows.add(FaultRow.of("proxy stopped", () -> RealTrio.signal("KILL", haproxy("b1")))
                .status("the proxy on b1 is not running", "Start the proxy b1")
                .plan(2, "Start the proxy b1"));
        rows.add(FaultRow.of("proxy points to the wrong server", () -> {
                    runtime("set server primary/b1 state ready");
                    runtime("set server primary/a1 state maint");
                })
                .status("the proxy on b1 sends writes to b1, and a1 is primary")
                .plan(2, "Send writes to a1"));
        rows.add(FaultRow.of("fence left on a running standby", () -> fence("d1"))
                .status("Remove the fence of d1")
                .plan(2, "Remove the fence of d1", "d1 follows a1, but its fence would block the next start"));
        rows.add(FaultRow.of("standby fenced", () -> {
                    stop("d1");
                    fence("d1");
                })
                .status("d1 is stopped and fenced: a failover", "payments/servers/d1: the member stays fenced")
                .plan(2, "the member stays fenced")
                .out("rejoin payments/servers/d1"));
        rows.add(FaultRow.of("synchronous_standby_names emptied", () -> altered("a1", "synchronous_standby_names = ''"))
                .critical()
                .status("0 of 1 standbys are in sync: writes are acknowledged without a standby")
                .plan(2, "Set synchronous_standby_names on a1 to FIRST 1"));
        rows.add(FaultRow.of(
                        "secret of a user lost", () -> Files.move(secrets().resolve("payments.users.clerk"), kept()))
                .status(
                        "the password of clerk was not compared: secret payments/users/clerk: there is no such secret on"
                                + " this machine")
                .plan(2, "the password of clerk was not compared")
                .applyChangesNothing()
                .onlyManually(
                        "run on the machine where the estate was applied",
                        () -> Files.move(kept(), secrets().resolve("payments.users.clerk"))));
        rows.add(FaultRow.of(
                        "secret of the administrator lost",
                        () -> Files.move(secrets().resolve("payments.admin"), kept()))
                .silent()
                .critical()
                .status("a1 cannot be queried: secret payments/admin: there is no such secret on this machine")
                .plan(4, "secret payments/admin: there is no such secret on this machine")
                .applyChangesNothing()
                .onlyManually(
                        "run on the machine where the estate was applied",
                        () -> Files.move(kept(), secrets().resolve("payments.admin"))));
        rows.add(FaultRow.of("secrets of this machine lost", () -> Files.move(secrets(), kept()))
                .silent()
                .critical()
                .status("a1 cannot be queried: secret payments/admin: there is no such secret on this machine")
                .plan(4, "secret payments/admin: there is no such secret on this machine")
                .applyChangesNothing()
                .onlyManually("run on the machine where the estate was applied", () -> Files.move(kept(), secrets())));
        rows.add(FaultRow.of("secret is readable by others", () -> mode("rw-r--r--"))
                .silent()
                .critical()
                .status("a1 cannot be queried: secret payments/admin: the file", "has mode rw-r--r--")
                .plan(4, "has mode rw-r--r--")
                .onlyManually("chmod 600 " + secrets().resolve("payments.admin"), () -> mode("rw-------")));
        rows.add(FaultRow.of("port of the primary blocked for the CLI", () -> block("a1", "reject with tcp reset"))
                .silent()
                .critical()
                .status("a1 does not answer: the host reports that the server runs and listens on")
                .plan(10, "the host reports that the server runs and listens on")
                .onlyManually("a firewall or a route blocks this machine", UnhealthyTrioTest::unblock));
        rows.add(FaultRow.of("port of a standby blocked for the CLI", () -> block("d1", "drop"))
                .silent()
                .status("d1 does not answer: the host reports that the server runs and listens on")
                .plan(10, "the host reports that the server runs and listens on")
                .onlyManually("a firewall or a route blocks this machine", UnhealthyTrioTest::unblock));
        return rows;
    }

    private void altered(String host, String setting) throws Exception {
        trio.ask(host, "ALTER SYSTEM SET " + setting, "SELECT pg_reload_conf()");
    }

    private void isDetached(String host) throws Exception {
        Patience.until(host + " is detached", () -> !streams().contains(host));
    }

    private List<String> streams() throws Exception {
        return trio.ask("a1", "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'");
    }

    private void dropSlot(String slot) throws Exception {
        Patience.until("the slot is dropped", () -> {
            try {
                trio.ask(
                        "a1",
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + slot
                                + "' AND active",
                        "SELECT pg_drop_replication_slot('" + slot + "')");
                return true;
            } catch (SQLException isActive) {
                return false;
            }
        });
    }

    private void newSegment() throws Exception {
        trio.ask("a1", "SELECT txid_current()", "SELECT pg_switch_wal()");
    }

    private void isArchivingFailing() throws Exception {
        Patience.until(
                "the archiver fails",
                () -> trio.ask(
                                "a1",
                                "SELECT last_failed_time > coalesce(last_archived_time, '-infinity') FROM"
                                        + " pg_stat_archiver")
                        .equals(List.of("t")));
    }

    private String archiver() throws Exception {
        return trio.ask("a1", "SELECT pid FROM pg_stat_activity WHERE backend_type = 'archiver'")
                .get(0);
    }

    private void runtime(String command) throws Exception {
        Path socket = trio.proxyDirectory("b1").resolve("run/haproxy.sock");
        sh("echo '" + command + "' | socat - UNIX-CONNECT:" + socket);
    }

    private void fence(String host) throws Exception {
        Files.writeString(trio.directory(host).resolve("fence"), "failover 1 b1 2026-01-01T00:00:00Z\n");
    }

    private Path kept() {
        return trio.estate.folder().resolve("kept");
    }

    private void mode(String permissions) throws IOException {
        Files.setPosixFilePermissions(
                secrets().resolve("payments.admin"), PosixFilePermissions.fromString(permissions));
    }

    private void block(String host, String verdict) throws Exception {
        nft("add table inet cut_fault; add chain inet cut_fault o { type filter hook output priority 0; };"
                + " add rule inet cut_fault o meta skuid 0 ip daddr " + trio.address(host) + " tcp dport "
                + RealTrio.SERVER + " " + verdict);
    }

    private static void unblock() throws Exception {
        nft("delete table inet cut_fault");
    }

    private static void nft(String rules) throws Exception {
        assertThat(new ProcessBuilder("nft", rules).start().waitFor()).isZero();
    }
}
