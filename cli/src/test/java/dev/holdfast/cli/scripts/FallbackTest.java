package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.live.LiveExecutionContext;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts do on hosts that lack the program which they would rather use. */
@Tag("real")
class FallbackTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    /** A world whose hosts have every program of this machine but these. */
    private LiveExecutionContext without(String... missing) throws IOException {
        Path programs = Files.createDirectories(folder.resolve("programs-" + String.join("-", missing)));
        Set<String> names = new HashSet<>(List.of(missing));
        for (String bin : List.of("/usr/local/bin", "/usr/bin", "/bin")) {
            try (Stream<Path> all = Files.list(Path.of(bin))) {
                for (Path program : all.toList()) {
                    if (names.add(program.getFileName().toString())) {
                        Files.createSymbolicLink(programs.resolve(program.getFileName()), program);
                    }
                }
            }
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PATH", programs.toString());
        return new LiveExecutionContext(new SecretStore(folder, Map.of(), environment, true), environment, true, 8);
    }

    /** JUnit warns of each link that it deletes; these are thousands. */
    @AfterEach
    void removeLinks() throws IOException {
        try (DirectoryStream<Path> choices = Files.newDirectoryStream(folder, "programs-*")) {
            for (Path programs : choices) {
                try (DirectoryStream<Path> links = Files.newDirectoryStream(programs)) {
                    for (Path link : links) {
                        Files.delete(link);
                    }
                }
            }
        }
    }

    private ActionResult run(LiveExecutionContext context, Script script, Access intent) {
        Host host = new Host("a1", "127.0.0.1", "z", "r", new HostAccess.Local(), folder.toString());
        return context.ask(new Action.RunScript(host, script, intent, SOON));
    }

    @Test
    void haproxy_reports_its_state_to_perl_where_socat_is_missing_and_states_so_where_both_are() throws Exception {
        Path proxy = folder.resolve("proxy");
        Files.createDirectories(proxy.resolve("run"));
        Path cfg = Files.createDirectories(proxy.resolve("conf")).resolve("haproxy.cfg");
        Files.writeString(cfg, """
                global
                  stats socket %1$s/run/haproxy.sock level admin
                  pidfile %1$s/run/haproxy.pid
                defaults
                  mode tcp
                  timeout connect 1s
                  timeout client 1s
                  timeout server 1s
                backend writes
                  server a1 127.38.0.1:1
                """.formatted(proxy));
        Script look = Script.of("haproxy/look.sh").with("nodes", "pay/proxies/a1\t" + proxy);
        Process started = new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin exec haproxy -D -f " + cfg)
                .inheritIO()
                .start();
        assertThat(started.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(started.exitValue()).isZero();
        long pid = Long.parseLong(
                Files.readString(proxy.resolve("run/haproxy.pid")).strip());
        try (LiveExecutionContext socat = without();
                LiveExecutionContext perl = without("socat");
                LiveExecutionContext neither = without("socat", "perl")) {
            String route = "{\"t\":\"route\",\"id\":\"pay/proxies/a1\",\"backend\":\"writes\",\"server\":\"a1\","
                    + "\"state\":\"ready\"}\n";
            assertThat(run(socat, look, Access.LOOK).text()).contains(route);
            assertThat(run(perl, look, Access.LOOK).text()).contains(route).contains("{\"t\":\"version\"");
            assertThat(run(neither, look, Access.LOOK).text()).contains("{\"t\":\"silent\",\"id\":\"pay/proxies/a1\"}");
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void a_copy_is_written_with_gzip_where_zstd_is_missing_and_one_written_with_zstd_names_what_is_missing()
            throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path member = folder.resolve("member");
        Files.createDirectories(member.resolve("data"));
        Files.writeString(member.resolve("data/collection.wt"), "documents");
        Files.writeString(member.resolve(".copying"), "");
        Script take = Script.of("mongodb/backup-copy.sh")
                .with("directory", member.toString())
                .with("patience", 20);
        try (LiveExecutionContext gzip = without("zstd")) {
            assertThat(run(gzip, take.with("target", folder + "/gz"), Access.CHANGE)
                            .sentence())
                    .isEqualTo("done");
            assertThat(folder.resolve("gz.part/data.tar.gz")).exists();
            ActionResult back = unpacked(gzip, folder.resolve("gz.part/data.tar.gz"), "back");
            assertThat(back.sentence()).isEqualTo("done");
            assertThat(folder.resolve("back/data/collection.wt")).hasContent("documents");

            Path zst = Files.writeString(folder.resolve("data.tar.zst"), "compressed");
            assertThat(unpacked(gzip, zst, "not").text())
                    .contains("zstd is not installed on this host, and " + zst + " was written with it");
        }
    }

    @Test
    void a_mongod_is_asked_on_its_host_with_perl_where_bash_is_missing() throws Exception {
        try (TestServers servers = new TestServers();
                LiveExecutionContext bash = without();
                LiveExecutionContext perl = without("bash");
                LiveExecutionContext neither = without("bash", "perl")) {
            Node node = servers.mongod(1, "rs");
            Script ask = Script.of("mongodb/hello-on-host.sh")
                    .with("address", node.host().address())
                    .with("port", node.port());
            for (LiveExecutionContext context : List.of(bash, perl)) {
                // it belongs to no set yet, so it is neither primary nor secondary
                Patience.until(
                        "it answers",
                        () -> run(context, ask, Access.LOOK).text().contains("\"role\":\"other\""));
            }
            assertThat(run(neither, ask, Access.LOOK).text()).contains("neither bash nor perl is installed");
            servers.signal(node, "KILL");
            Patience.until(
                    "it has ended",
                    () -> run(perl, ask, Access.LOOK).text().endsWith("{\"t\":\"end\",\"records\":0}\n"));
            assertThat(run(bash, ask, Access.LOOK).text()).endsWith("{\"t\":\"end\",\"records\":0}\n");
        }
    }

    @Test
    void connections_are_tested_with_bash_where_perl_is_missing_and_reported_untested_where_both_are()
            throws Exception {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        int refused;
        try (ServerSocket closed = new ServerSocket(0, 1, here)) {
            refused = closed.getLocalPort();
        }
        try (ServerSocket open = new ServerSocket(0, 5, here);
                LiveExecutionContext perl = without();
                LiveExecutionContext bash = without("perl");
                LiveExecutionContext neither = without("perl", "bash")) {
            Script look = Script.of("host/preflight.sh")
                    .with("programs", "")
                    .with("folders", "")
                    .with("names", "")
                    .with("ports", "")
                    .with("peers", "127.0.0.1\t" + open.getLocalPort() + "\n127.0.0.1\t" + refused);
            for (LiveExecutionContext context : List.of(perl, bash)) {
                assertThat(run(context, look, Access.LOOK).text())
                        .contains("\"port\":\"" + open.getLocalPort() + "\",\"state\":\"connected\"")
                        .contains("\"port\":\"" + refused + "\",\"state\":\"refused\"");
            }
            assertThat(run(neither, look, Access.LOOK).text())
                    .contains("\"port\":\"" + refused + "\",\"state\":\"untested\"")
                    .contains("neither perl nor bash");
        }
    }

    private ActionResult unpacked(LiveExecutionContext context, Path archive, String to) throws IOException {
        return run(
                context,
                Script.of("mongodb/restore-unpack.sh")
                        .with("directory", folder.resolve(to).toString())
                        .with("mark", "shop social/a/a1")
                        .with("order", "1")
                        .with("archive", archive.toString())
                        .with("checksum", sum(archive))
                        .with("size", 1)
                        .with("keyfile", "key"),
                Access.CHANGE);
    }

    private static String sum(Path file) throws IOException {
        try {
            var digest = java.security.MessageDigest.getInstance("SHA-256");
            return java.util.HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (java.security.NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    /** Scripts that look for a program: a choice between two programs is tried above; the others have no second choice. */
    @Test
    void every_choice_between_programs_is_known_here() throws IOException {
        Set<String> choices = new TreeSet<>();
        try (Stream<Path> scripts = Files.walk(RealEstate.repositoryFolder().resolve("scripts"))) {
            for (Path script : scripts.filter(s -> s.toString().endsWith(".sh")).toList()) {
                if (!script.toString().contains("bench.d")
                        && Files.readString(script).contains("command -v")) {
                    choices.add(script.getParent().getFileName() + "/" + script.getFileName());
                }
            }
        }
        assertThat(choices)
                .containsExactly(
                        "haproxy/look.sh", // its version, or none
                        "haproxy/preamble.sh",
                        "host/fault-delay-packets.sh", // refused without tc
                        "host/fault-isolate-host.sh", // refused without nft
                        "host/fault-partition-link.sh", // refused without nft
                        "host/look.sh", // where a program is, or nothing
                        "host/preflight.sh",
                        "mongodb/backup-copy.sh",
                        "mongodb/hello-on-host.sh",
                        "mongodb/node-files.sh", // the declared program of a running server, or nothing
                        "mongodb/preamble.sh", // refused without setpriv; where the declared program is
                        "mongodb/restore-unpack.sh",
                        "mongodb/start.sh", // the path of the declared program, for its unit
                        "patroni/start.sh", // where Patroni is; apply refuses hosts without it
                        "pgbouncer/look.sh", // its version, or none
                        "postgres/look.sh", // the folder of the server's programs, else the newest on the path
                        "postgres/restore-password.sh", // the same
                        "postgres/rolechange-look.sh"); // the same
    }
}
