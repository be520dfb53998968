package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.Capability;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.ServersUser;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scripts find a server's processes whatever the host hides, and what they cannot see never counts as gone. */
@Tag("real")
class ProcessLookupTest {

    @TempDir
    static Path state;

    private static TestServers servers;
    private static ScriptRenderer words;
    /** A primary whose directory is reached through a symbolic link, and a server whose directory's name begins alike. */
    private static Node linked;

    private static Node sibling;
    private final List<Process> bystanders = new ArrayList<>();

    /** How much the user that runs the scripts can see. */
    enum Sight {
        ALL(null),
        WITHOUT_PTRACE(Capability.SETPCAP, "setpriv", "--bounding-set", "-sys_ptrace", "--inh-caps", "-sys_ptrace"),
        HIDEPID(
                Capability.SYS_ADMIN,
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t proc -o hidepid=2,gid=65534 proc /proc && exec setpriv --bounding-set -sys_ptrace"
                        + " --inh-caps -sys_ptrace \"$@\"",
                "sh");

        private final Capability needs;
        final List<String> prefix;

        Sight(Capability needs, String... prefix) {
            this.needs = needs;
            this.prefix = List.of(prefix);
        }

        void assumed() throws IOException {
            if (needs != null) {
                needs.assumed();
            }
        }
    }

    /** How a script ended. */
    private record Ended(int exit, String out, String err) {}

    @BeforeAll
    static void start() {
        servers = new TestServers();
        words = new ScriptRenderer(new SecretStore(state, Map.of(), Map.of(), false));
        Node real = servers.postgres(1, "fsync = off");
        sibling = servers.postgres(10, "fsync = off");
        servers.killPostgres(real);
        Path link = Path.of(real.directory()).resolveSibling("link");
        TestServers.shell("ln -s . " + link + "; chmod 755 " + real.directory());
        String directory = link + "/" + Path.of(real.directory()).getFileName();
        linked = new Node("loose", "servers", "h1", Node.Kind.POSTGRES, real.host(), real.port(), directory);
    }

    @AfterAll
    static void stop() throws IOException {
        servers.close();
    }

    @AfterEach
    void end() throws IOException {
        bystanders.forEach(p -> {
            p.descendants().forEach(ProcessHandle::destroyForcibly);
            p.destroyForcibly();
        });
        for (String left : ServersUser.processesIn(Path.of(linked.data()))) {
            TestServers.shell("kill -9 " + left.substring(0, left.indexOf(' ')) + " || true");
        }
        TestServers.shell("cd " + linked.directory() + " && rm -f fence && if grep -qs fenced data/standby.signal;"
                + " then rm data/standby.signal; fi");
    }

    @ParameterizedTest
    @EnumSource
    void a_fence_behind_a_link_ends_every_process_and_no_other(Sight stateCache) throws Exception {
        stateCache.assumed();
        servers.startPostgres(linked);
        Process tail = bystander("exec tail -F " + linked.data() + "/PG_VERSION");
        Process shell = bystander("cd " + linked.data() + " && exec sleep 600");
        backend();

        Ended fenced = run(stateCache, fence());

        assertThat(fenced.exit()).as(fenced.toString()).isZero();
        assertThat(postgresIn(linked)).isEmpty();
        assertThat(tail.isAlive() && shell.isAlive())
                .as("an operator's processes live")
                .isTrue();
        assertThat(servers.psql(sibling, "SELECT 1")).isEqualTo("1\n");
        assertThat(look(stateCache, linked, pidFile(linked)))
                .contains("\"id\":\"h1\",\"process\":\"down\"")
                .contains("\"port\":\"free\"");
    }

    @ParameterizedTest
    @EnumSource
    void a_backend_that_outlives_its_postmaster_is_observed_and_ended(Sight stateCache) throws Exception {
        stateCache.assumed();
        servers.startPostgres(linked);
        long backend = backend();
        TestServers.shell("kill -STOP " + backend + " && kill -9 $(head -n 1 " + pidFile(linked) + ")");

        assertThat(look(stateCache, linked, pidFile(linked)))
                .contains("\"process\":\"unknown\"")
                .contains("processes of an earlier server still use the shared memory");
        String left = run(stateCache, takeoverLook()).out();
        assertThat(left).contains("\"id\":\"h1\",\"kind\":\"left\",\"text\":\"" + backend);
        Ended fenced = run(stateCache, fence());

        assertThat(fenced.exit()).as(fenced.toString()).isZero();
        assertThat(postgresIn(linked)).isEmpty();
        assertThat(run(stateCache, takeoverLook()).out())
                .doesNotContain("\"left\"")
                .contains("\"t\":\"database\",\"id\":\"h1\"")
                .contains("\"role\":\"primary\"");
    }

    @ParameterizedTest
    @EnumSource
    void a_stop_that_is_given_up_ends_what_is_left_and_no_server_that_serves(Sight stateCache) throws Exception {
        stateCache.assumed();
        Script abandon = Script.of("postgres/stop-immediate.sh").with("directory", linked.directory());
        servers.startPostgres(linked);
        long backend = backend();
        assertThat(run(stateCache, abandon).exit()).isZero();
        assertThat(servers.psql(linked, "SELECT 1")).isEqualTo("1\n");
        TestServers.shell("kill -STOP " + backend + " && kill -9 $(head -n 1 " + pidFile(linked) + ")");
        Ended abandoned = run(stateCache, abandon);
        assertThat(abandoned.exit()).as(abandoned.toString()).isZero();
        assertThat(postgresIn(linked)).isEmpty();
        servers.startPostgres(linked);
        TestServers.shell("kill -STOP " + backend() + " && kill -INT $(head -n 1 " + pidFile(linked) + ")");
        Patience.until(
                "the stop has begun",
                () -> Files.readString(Path.of(pidFile(linked))).contains("stopping"));
        assertThat(run(stateCache, abandon).exit()).isZero();
        assertThat(postgresIn(linked)).isEmpty();
    }

    /** As in a container whose first process is no init: the parent never takes the exit code of the killed server. */
    @Test
    void a_killed_server_that_stays_a_zombie_is_started_again() throws Exception {
        Node node = servers.postgres(30, "fsync = off");
        servers.killPostgres(node);
        String home = node.directory();
        String own = ServersUser.isAnother() ? "; chown -R postgres: conf log run" : "";
        TestServers.shell("cd " + home + " && rm log && mkdir conf log run && cp data/postgresql.conf conf/"
                + " && echo \"unix_socket_directories = '" + home + "/run'\" >>conf/postgresql.conf" + own);
        String binaries = TestServers.shell("ls -d /usr/lib/postgresql/$(cat " + node.data() + "/PG_VERSION)/bin")
                .strip();
        Patience.until("all its processes are gone", () -> postgresIn(node).isEmpty());
        Files.deleteIfExists(Path.of(pidFile(node)));
        bystander(binaries + "/postgres -D " + node.data() + " -c config_file=" + home
                + "/conf/postgresql.conf & exec sleep 600");
        Patience.until(
                "it answers",
                () -> TestServers.shell("tail -n 1 " + pidFile(node) + " || true")
                        .startsWith("ready"));
        String killed = TestServers.shell("head -n 1 " + pidFile(node)).strip();
        servers.killPostgres(node);
        Patience.until(
                "it is a zombie",
                () -> Files.readString(Path.of("/proc/" + killed + "/stat")).contains(") Z "));
        assertThat(Path.of(home, "run/.s.PGSQL.5432.lock")).exists();

        Ended started = run(
                Sight.ALL,
                Script.of("postgres/start.sh").with("directory", home).with("binaries", binaries));

        assertThat(started.exit()).as(started.toString()).isZero();
        assertThat(servers.psql(node, "SELECT 1")).isEqualTo("1\n");
    }

    @Test
    void a_fenced_primary_that_is_started_manually_takes_no_writes() throws Exception {
        servers.startPostgres(linked);
        assertThat(run(Sight.ALL, fence()).exit()).isZero();
        servers.startPostgres(linked);
        assertThat(servers.psql(linked, "SELECT pg_is_in_recovery()")).isEqualTo("t\n");
        assertThat(run(Sight.ALL, fence()).exit()).isZero();
    }

    @Test
    void a_pid_file_is_not_believed_when_another_process_has_that_number() throws Exception {
        servers.startPostgres(linked);
        run(Sight.ALL, fence());
        Process tail = bystander("exec tail -F " + linked.data() + "/PG_VERSION");
        Patience.until("tail runs", () -> commandLine(tail.pid()).contains("PG_VERSION"));
        long other = Long.parseLong(
                TestServers.shell("head -n 1 " + pidFile(sibling)).strip());
        for (long pid : List.of(tail.pid(), other)) {
            TestServers.shell("printf '%s\\n' " + pid + " >" + pidFile(linked));
            assertThat(look(Sight.ALL, linked, pidFile(linked))).contains("\"id\":\"h1\",\"process\":\"down\"");
            if (Capability.SETPCAP.isHeld()) {
                assertThat(look(Sight.WITHOUT_PTRACE, linked, pidFile(linked)))
                        .contains("\"id\":\"h1\",\"process\":\"down\"");
            }
        }
        assertThat(look(Sight.ALL, sibling, pidFile(sibling)))
                .contains("\"id\":\"h10\",\"process\":\"up\",\"pid\":\"" + other + "\"");
    }

    @Test
    void a_taken_port_is_reported_and_its_fence_fails() throws Exception {
        servers.startPostgres(linked);
        run(Sight.ALL, fence());
        try (ServerSocket taken = new ServerSocket(
                linked.port(), 1, InetAddress.getByName(linked.host().address()))) {
            assertThat(taken.isBound()).isTrue();
            assertThat(look(Sight.ALL, linked, pidFile(linked)))
                    .contains("\"process\":\"down\"")
                    .contains("\"port\":\"taken\"");
            assertThat(run(Sight.ALL, takeoverLook()).out())
                    .contains("\"process\":\"down\"")
                    .contains("\"port\":\"taken\"");
            Ended fenced = run(Sight.ALL, fence());
            assertThat(fenced.exit()).isEqualTo(1);
            assertThat(fenced.err())
                    .contains("another process listens on " + linked.host().address() + ":5432");
        }
    }

    /** The same server under another directory in the topology: its old directory is named, and not only its port. */
    @ParameterizedTest
    @EnumSource(names = {"ALL", "WITHOUT_PTRACE"})
    void a_server_of_another_directory_is_named_by_its_port(Sight sight) throws Exception {
        sight.assumed();
        Path marked = Path.of(sibling.directory());
        Files.writeString(marked.resolve("holdfast.node"), "loose h10\n");
        Node moved = new Node(
                "loose",
                "servers",
                "h10",
                Node.Kind.POSTGRES,
                sibling.host(),
                sibling.port(),
                marked.resolveSibling("elsewhere").toString());
        try {
            assertThat(look(sight, moved, pidFile(moved)))
                    .contains("\"process\":\"down\"", "\"port\":\"taken\"")
                    .contains("\"where\":\"port\",\"mark\":\"loose h10\",\"directory\":\"" + marked + "\"");
        } finally {
            Files.delete(marked.resolve("holdfast.node"));
        }
    }

    @Test
    void a_folder_that_may_not_be_read_is_not_down() throws Exception {
        assumeTrue(ServersUser.isAnother(), "this needs root, which acts as another user");
        Ended other = run(List.of("runuser", "-u", "nobody", "--"), lookScript(linked, pidFile(linked)));
        assertThat(other.out())
                .contains("\"id\":\"h1\",\"process\":\"unknown\"")
                .contains("nobody has no access to");
    }

    @ParameterizedTest
    @EnumSource(names = {"ALL", "WITHOUT_PTRACE"})
    void a_mongod_without_its_pid_file_is_found_by_its_lock_and_fenced(Sight stateCache) throws Exception {
        stateCache.assumed();
        Node node = servers.mongod(20 + stateCache.ordinal(), "rs");
        Path directory = Path.of(node.directory());
        Files.writeString(directory.resolve("holdfast.node"), "loose h\n");
        Files.writeString(directory.resolve("mongod.conf"), "x\n");
        String pid = Files.readString(directory.resolve("pid")).strip();

        assertThat(look(stateCache, node, directory + "/run/pid"))
                .contains("\"process\":\"up\",\"pid\":\"" + pid + "\"");
        Ended lives = run(stateCache, fence(node, "no"));
        assertThat(lives.exit()).isEqualTo(1);
        assertThat(lives.err()).contains("process " + pid);
        assertThat(ProcessHandle.of(Long.parseLong(pid)).isPresent()).isTrue();

        Ended fenced = run(stateCache, fence(node, "yes"));
        assertThat(fenced.exit()).as(fenced.toString()).isZero();
        assertThat(TestServers.shell("flock -n " + node.data() + "/mongod.lock echo free"))
                .isEqualTo("free\n");
        assertThat(directory.resolve("mongod.conf")).doesNotExist();
        assertThat(look(stateCache, node, directory + "/run/pid")).contains("\"process\":\"down\"");
    }

    @Test
    void a_mongod_whose_process_is_hidden_is_not_down_and_its_fence_fails() throws Exception {
        Sight.HIDEPID.assumed();
        Node node = servers.mongod(25, "rs");
        Path directory = Path.of(node.directory());
        Files.writeString(directory.resolve("holdfast.node"), "loose h\n");
        assertThat(look(Sight.HIDEPID, node, directory + "/run/pid"))
                .contains("\"process\":\"unknown\"")
                .contains("mongod.lock");
        Ended fenced = run(Sight.HIDEPID, fence(node, "yes"));
        assertThat(fenced.exit()).isEqualTo(1);
        assertThat(fenced.err()).contains("a server holds").contains("not seen");
    }

    @Test
    void a_fault_that_finds_no_process_fails() throws Exception {
        Sight blind = Capability.SETPCAP.isHeld() ? Sight.WITHOUT_PTRACE : Sight.ALL;
        servers.startPostgres(linked);
        run(Sight.ALL, fence());
        for (String fault : List.of("end", "pause", "restart")) {
            Script set = Script.of("host/fault-" + fault + ".sh")
                    .with("verb", "inject")
                    .with("how", "kill")
                    .with("directories", linked.directory());
            Ended affected = run(blind, set);
            assertThat(affected.exit()).as(fault).isEqualTo(1);
            assertThat(affected.err()).contains("no process of a server is found");
        }
        servers.startPostgres(linked);
        Script kill = Script.of("host/fault-end.sh")
                .with("verb", "inject")
                .with("how", "kill")
                .with("directories", linked.directory());
        assertThat(run(blind, kill).exit()).isZero();
        assertThat(postgresIn(linked)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_server_that_is_hidden_is_not_taken_for_frozen(Sight stateCache) throws Exception {
        stateCache.assumed();
        servers.startPostgres(linked);
        Script freeze = Script.of("host/fault-pause.sh").with("directories", linked.directory());
        assertThat(run(stateCache, freeze.with("verb", "verify")).exit()).isEqualTo(1);
        assertThat(run(stateCache, freeze.with("verb", "inject")).exit()).isZero();
        assertThat(run(stateCache, freeze.with("verb", "verify")).exit()).isZero();
        assertThat(run(stateCache, freeze.with("verb", "revert")).exit()).isZero();
        assertThat(run(stateCache, freeze.with("verb", "verify")).exit()).isEqualTo(1);
        assertThat(servers.psql(linked, "SELECT 1")).isEqualTo("1\n");
    }

    @ParameterizedTest
    @EnumSource
    void the_sockets_and_words_of_a_server_are_found_where_it_is_hidden(Sight stateCache) throws Exception {
        stateCache.assumed();
        servers.startPostgres(linked);
        String look = words.shell(lookScript(linked, pidFile(linked)).with("nodes", ""));
        String server = "'" + linked.directory() + "'";
        Ended found = run(
                stateCache.prefix,
                look + "\nwords_of " + server + " \"$(head -n 1 " + pidFile(linked) + ")\"\nsockets_in " + server
                        + "\n");
        assertThat(found.exit()).as(found.toString()).isZero();
        assertThat(found.out()).contains("postgres\n-D\n").containsPattern("(?m)^[0-9]+$");
    }

    /** Inside a container the kernel does not list the lock of a process that has ended, though its file is still locked. */
    @Test
    void what_monitors_a_copy_asks_the_lock_itself(@TempDir Path folder) throws Exception {
        List<String> container = Capability.SYS_ADMIN.isHeld()
                ? List.of("unshare", "-p", "-f", "--mount-proc", "sh", "-c")
                : List.of("sh", "-c"); // in a container, or as a user
        Path member = Files.createDirectories(folder.resolve("member"));
        Path copying = Files.writeString(member.resolve(".copying"), "x\n");
        Files.writeString(folder.resolve(".lock.owner"), "somebody\n");
        Path guard = Files.writeString(
                folder.resolve("guard"),
                words.shell(Script.of("mongodb/backup-guard.sh")
                        .with("directory", member.toString())
                        .with("estate", folder.toString())
                        .with("owner", "somebody")));
        Path description = folder.resolve("output");
        String inside = "exec 8>>" + folder.resolve(".lock") + "; flock -n 8; sh " + guard + " 8>&- & guard=$!\n"
                + "sleep 2; [ -e " + copying + " ] && echo kept >" + description + "\n"
                + "exec 8>&-; wait $guard; [ -e " + copying + " ] || echo gone >>" + description;
        // the shell that holds the lock is not the one that has taken it
        List<String> command = new ArrayList<>(container);
        command.add("{ " + inside + "\n}");
        assertThat(runs(command)).isTrue();
        assertThat(description).hasContent("kept\ngone");
    }

    private static String pidFile(Node node) {
        return node.data() + "/postmaster.pid";
    }

    private static Script fence() {
        return Script.of("postgres/fence.sh")
                .with("directory", linked.directory())
                .with("mark", "failover 1 h10 2026-01-01T00:00:00Z")
                .with("address", linked.host().address())
                .with("port", linked.port());
    }

    private static Script fence(Node mongod, String force) {
        return Script.of("mongodb/fence.sh")
                .with("directory", mongod.directory())
                .with("mark", "loose h")
                .with("text", "given up")
                .with("address", mongod.host().address())
                .with("port", mongod.port())
                .with("force", force);
    }

    private static Script takeoverLook() {
        return Script.of("postgres/rolechange-look.sh")
                .with("nodes", line(linked, linked.directory(), "server"))
                .with("mark", "loose")
                .with("ends", "no")
                .with("binaries", "");
    }

    private static Script lookScript(Node node, String pidFile) {
        return Script.of("host/look.sh")
                .with("nodes", line(node, node.directory(), pidFile))
                .with("mark", "loose")
                .with("programs", "")
                .with("names", "");
    }

    private static String line(Node node, String... fields) {
        return Stream.concat(
                        Stream.concat(Stream.of(node.name()), Stream.of(fields)),
                        Stream.of(node.host().address(), Integer.toString(node.port())))
                .collect(Collectors.joining("\t"));
    }

    private String look(Sight stateCache, Node node, String pidFile) throws Exception {
        Ended looked = run(stateCache, lookScript(node, pidFile));
        assertThat(looked.exit()).as(looked.toString()).isZero();
        return looked.out();
    }

    private Ended run(Sight stateCache, Script script) throws Exception {
        return run(stateCache.prefix, script);
    }

    private static Ended run(List<String> prefix, Script script) throws Exception {
        return run(prefix, words.shell(script));
    }

    private static Ended run(List<String> prefix, String program) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("sh", "-s"));
        Path out = Files.createTempFile(state, "out", "");
        Path err = Files.createTempFile(state, "err", "");
        Process process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(program.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static boolean runs(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** A process of the servers' own user. */
    private Process bystander(String command) throws IOException {
        Process process = new ProcessBuilder(ServersUser.words("sh", "-c", command))
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        bystanders.add(process);
        return process;
    }

    /** A session that works for long; answers its backend. */
    private long backend() throws IOException {
        ProcessBuilder session = new ProcessBuilder(
                "psql", "-XAtqc", "SELECT pg_sleep(600)", "-h", linked.host().address(), "-U", "postgres", "postgres");
        session.environment().put("PGPASSWORD", TestServers.PASSWORD);
        bystanders.add(session.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
        Function<Node, String> sleeping =
                n -> servers.psql(n, "SELECT pid FROM pg_stat_activity WHERE length(query) = 20");
        Patience.until("the session works", () -> !sleeping.apply(linked).isBlank());
        return Long.parseLong(sleeping.apply(linked).strip());
    }

    /** What works in a server's data folder, as its own user sees it. */
    private static List<String> postgresIn(Node node) throws IOException {
        return ServersUser.processesIn(Path.of(node.data())).stream()
                .filter(l -> l.contains("postgres"))
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }
}
