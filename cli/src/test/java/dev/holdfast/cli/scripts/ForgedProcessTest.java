package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Intruder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.exec.PosixShell;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user without any right gives processes the command line of a server, so that Holdfast would take them for it. */
@Tag("real")
class ForgedProcessTest {

    private static final String DOWN = "\"process\":\"down\"";

    @TempDir
    Path state;

    private final List<Process> forged = new ArrayList<>();
    private TestServers servers;
    private ScriptRenderer words;

    @BeforeEach
    void root_acts_as_nobody() {
        Intruder.NOBODY.assumed();
        servers = new TestServers();
        words = new ScriptRenderer(new SecretStore(state, Map.of(), Map.of(), false));
    }

    @AfterEach
    void end() throws IOException {
        for (Process process : forged) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (servers != null) {
            servers.close();
        }
    }

    /** A process of nobody with this name, which waits for a file. */
    private long forge(String name, String file) throws IOException {
        Process process = Intruder.NOBODY.starts("exec -a " + name + " tail -F " + file);
        forged.add(process);
        long[] pid = new long[1];
        Patience.until("the forged process runs", () -> {
            pid[0] = process.descendants()
                    .filter(p -> commandLine(p.pid()).startsWith(name + "\0-F\0" + file))
                    .mapToLong(ProcessHandle::pid)
                    .findFirst()
                    .orElse(0);
            return pid[0] > 0;
        });
        return pid[0];
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    private String run(Script script) throws Exception {
        ActionResult answer = PosixShell.DASH.run(words.shell(script));
        assertThat(answer.isOk()).as(answer.toString()).isTrue();
        return answer.text();
    }

    private String look(Node node, Path pidFile) throws Exception {
        Script look = Script.of("host/look.sh")
                .with(
                        "nodes",
                        String.join(
                                "\t",
                                node.name(),
                                node.directory(),
                                pidFile.toString(),
                                node.host().address(),
                                Integer.toString(node.port())))
                .with("mark", "loose")
                .with("programs", "")
                .with("names", "");
        return run(look);
    }

    @Test
    void a_forged_mongod_is_not_the_member_and_does_not_hinder_its_fence() throws Exception {
        Node node = servers.mongod(1, "rs");
        Path directory = Path.of(node.directory());
        Files.writeString(directory.resolve("holdfast.node"), "loose h\n");
        Files.writeString(directory.resolve("mongod.conf"), "x\n");
        Files.createDirectories(directory.resolve("run"));
        servers.signal(node, "KILL");
        Patience.until(
                "the lock is free",
                () -> TestServers.shell("flock -n " + node.data() + "/mongod.lock echo free || true")
                        .equals("free\n"));
        long pid = forge("mongod", directory + "/mongod.conf");

        // the number of the killed server has become the one of another process
        Path pidFile = Files.writeString(directory.resolve("run/pid"), pid + "\n");
        assertThat(look(node, pidFile)).contains(DOWN);
        run(fence(node, "no"));
        assertThat(directory.resolve("holdfast.fenced")).exists();
        assertThat(commandLine(pid))
                .as("a process of another user is left alone")
                .contains("mongod");
    }

    @Test
    void a_forged_postgres_is_not_the_server_and_does_not_hinder_its_fence() throws Exception {
        Node node = servers.postgres(2, "fsync = off");
        servers.killPostgres(node);
        long pid = forge("postgres", node.directory() + "/postgresql.conf");

        Path pidFile = Path.of(node.data(), "postmaster.pid");
        TestServers.shell("sed -i 1s/.*/" + pid + "/ " + pidFile);
        Patience.until("the shared memory is gone", () -> look(node, pidFile).contains(DOWN));
        run(Script.of("postgres/fence.sh")
                .with("directory", node.directory())
                .with("mark", "fenced")
                .with("address", node.host().address())
                .with("port", node.port()));
        assertThat(commandLine(pid))
                .as("a process of another user is left alone")
                .contains("postgres");
    }

    private static Script fence(Node node, String force) {
        return Script.of("mongodb/fence.sh")
                .with("directory", node.directory())
                .with("mark", "loose h")
                .with("text", "taken over")
                .with("address", node.host().address())
                .with("port", node.port())
                .with("force", force);
    }
}
