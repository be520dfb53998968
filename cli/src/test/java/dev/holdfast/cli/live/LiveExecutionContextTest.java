package dev.holdfast.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RunningProcess;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class LiveExecutionContextTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final SecretRef PASSWORD = new SecretRef("social/admin");

    @TempDir
    Path folder;

    private final Host here = new Host("a1", "127.0.0.1", "z", "r", new HostAccess.Local(), "/tmp");

    private LiveExecutionContext world(boolean mayChange) {
        SecretStore secrets = new SecretStore(folder.resolve("secrets"), Map.of(), System.getenv(), mayChange);
        return new LiveExecutionContext(secrets, System.getenv(), mayChange, 8);
    }

    @Test
    void a_value_with_quotes_and_command_substitution_reaches_the_shell_as_it_is() throws IOException {
        String odd = "it's $(touch " + folder + "/owned) `id` \"x\"\nand a second line";
        Path file = folder.resolve("odd file's $(name)");
        try (LiveExecutionContext context = world(true)) {
            Script write = Script.of("host/test-content.txt").with("text", odd);
            ActionResult answer = context.ask(new Action.WriteFile(here, file.toString(), write, "0640", "", SOON));
            assertThat(answer.sentence()).isEqualTo("done");
        }
        assertThat(Files.readString(file)).isEqualTo("text: " + odd + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(folder.resolve("owned")).doesNotExist();
    }

    @Test
    void a_secret_is_written_as_its_value_and_reported_as_its_name() throws IOException {
        Path file = folder.resolve("with-secret");
        try (LiveExecutionContext context = world(true)) {
            Script write = Script.of("host/test-content.txt").with("text", PASSWORD);
            context.ask(new Action.WriteFile(here, file.toString(), write, "0600", "", SOON));
            String value = Files.readString(file).substring("text: ".length()).strip();
            assertThat(value).hasSizeGreaterThan(20);
            ActionResult echoed = context.ask(new Action.RunScript(
                    here, Script.of("host/test-echo.sh").with("words", PASSWORD), Access.LOOK, SOON));
            assertThat(echoed.text().strip()).isEqualTo("<secret social/admin>");
        }
    }

    @Test
    void a_reading_world_refuses_to_change_and_makes_no_secret() {
        try (LiveExecutionContext context = world(false)) {
            Action write =
                    new Action.WriteFile(here, folder + "/x", Script.of("host/test-content.txt"), "0600", "", SOON);
            assertThatThrownBy(() -> context.ask(write)).isInstanceOf(IllegalStateException.class);
            ActionResult answer = context.ask(new Action.RunScript(
                    here, Script.of("host/test-echo.sh").with("words", PASSWORD), Access.LOOK, SOON));
            assertThat(answer.code()).isEqualTo(ActionResult.NO_SECRET);
        }
        assertThat(folder.resolve("secrets")).doesNotExist();
    }

    @Test
    void a_postgresql_server_that_is_not_there_is_silent_and_named_with_or_without_its_secret() {
        Node unknownNode = new Node("payments", "servers", "a1", Node.Kind.POSTGRES, here, 1, folder.toString());
        Action member = new Action.RunSql(
                unknownNode,
                new Credentials("postgres", PASSWORD, ""),
                "postgres",
                Script.of("postgres/schema-role.sql"),
                Access.LOOK,
                SOON);
        for (boolean mayMakeSecrets : new boolean[] {false, true}) {
            try (LiveExecutionContext context = world(mayMakeSecrets)) {
                ActionResult answer = context.ask(member);
                assertThat(answer.isSilent()).isTrue();
                assertThat(answer.text()).contains("127.0.0.1:1: ").contains("Connection refused");
            }
        }
    }

    @Test
    void a_script_that_hangs_is_silent_at_its_deadline_and_a_failing_one_gives_its_code_and_reason() {
        try (LiveExecutionContext context = world(true)) {
            ActionResult late = context.ask(new Action.RunScript(
                    here, Script.of("host/test-echo.sh").with("words", "@sleep"), Access.LOOK, Duration.ofMillis(400)));
            assertThat(late.isSilent()).isTrue();
            ActionResult failed = context.ask(new Action.RunScript(
                    here, Script.of("host/test-echo.sh").with("words", "@fail"), Access.LOOK, SOON));
            assertThat(failed.isRefused("7")).isTrue();
            assertThat(failed.text()).contains("on purpose");
        }
    }

    @Test
    void the_lock_of_an_estate_is_held_by_one_run_and_reported_to_the_other() {
        Script lock = Script.of("host/lock.sh").with("lease", "").with("directory", folder.toString());
        try (LiveExecutionContext second = world(true)) {
            try (LiveExecutionContext first = world(true)) {
                ActionResult held = first.hold(here, lock.with("owner", "pid 1 the first"), SOON)
                        .first();
                assertThat(held.text()).isEqualTo("locked");
                ActionResult refused =
                        second.hold(here, lock.with("owner", "pid 2"), SOON).first();
                assertThat(refused.isRefused("8")).isTrue();
                assertThat(refused.text()).isEqualTo("pid 1 the first");
            }
            assertThat(second.hold(here, lock.with("owner", "pid 2"), SOON)
                            .first()
                            .isOk())
                    .isTrue();
        }
    }

    @Test
    void the_children_of_a_script_that_is_late_end_with_it() throws Exception {
        Path pid = folder.resolve("pid");
        try (LiveExecutionContext context = world(true)) {
            ActionResult late = context.ask(new Action.RunScript(
                    here,
                    Script.of("host/test-echo.sh").with("words", "@child " + pid),
                    Access.LOOK,
                    Duration.ofMillis(1500)));
            assertThat(late.isSilent()).isTrue();
            assertThat(late.text()).contains("not finished within 1 s");
        }
        long child = Long.parseLong(Files.readString(pid).strip());
        Patience.until("the child ends", () -> !RunningProcess.is(child));
    }

    @Test
    void a_server_that_asks_for_the_password_itself_or_for_none_gets_nothing() throws Exception {
        byte[] cleartext = {'R', 0, 0, 0, 8, 0, 0, 0, 3};
        byte[] md5 = {'R', 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4};
        byte[] trust = {'R', 0, 0, 0, 8, 0, 0, 0, 0};
        new SecretStore(folder.resolve("secrets"), Map.of(), Map.of(), true).value(PASSWORD);
        for (byte[] request : List.of(cleartext, md5, trust)) {
            try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.38.0.1"));
                    LiveExecutionContext context = world(true)) {
                CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> received(server, request));
                Host host = new Host("a1", "127.38.0.1", "z", "r", new HostAccess.Local(), "/tmp");
                Node node = new Node(
                        "payments",
                        "servers",
                        "a1",
                        Node.Kind.POSTGRES,
                        host,
                        server.getLocalPort(),
                        folder.toString());
                ActionResult answer = context.ask(new Action.RunSql(
                        node,
                        new Credentials("postgres", PASSWORD, ""),
                        "postgres",
                        Script.of("postgres/schema-role.sql"),
                        Access.LOOK,
                        SOON));
                assertThat(answer.isRefused("08004")).as(answer.sentence()).isTrue();
                assertThat(answer.text()).contains("requireAuth");
                assertThat(output.get(20, TimeUnit.SECONDS)).isEqualTo("");
            }
        }
    }

    /** What a client says after the request for authentication. */
    private static String received(ServerSocket server, byte[] request) {
        try (Socket client = server.accept()) {
            client.setSoTimeout(10_000);
            DataInputStream in = new DataInputStream(client.getInputStream());
            int length = in.readInt();
            if (in.readInt() == 80877103 || length == 8) { // asks for TLS first
                client.getOutputStream().write('N');
                in.readNBytes(in.readInt() - 4);
            } else {
                in.readNBytes(length - 8);
            }
            client.getOutputStream().write(request);
            client.getOutputStream().flush();
            int kind = in.read();
            return kind < 0 || kind == 'X' ? "" : Character.toString(kind);
        } catch (IOException closed) {
            return "";
        }
    }

    @Test
    void an_observation_of_a_command_that_changes_generates_no_secret() {
        try (LiveExecutionContext context = world(true)) {
            ActionResult looked = context.ask(new Action.RunScript(
                    here, Script.of("host/test-echo.sh").with("words", PASSWORD), Access.LOOK, SOON));
            assertThat(looked.isRefused(ActionResult.NO_SECRET)).isTrue();
            assertThat(looked.reason()).contains("there is no such secret on this machine");
        }
        assertThat(folder.resolve("secrets")).doesNotExist();
    }

    @Test
    void control_characters_of_a_host_are_replaced_and_a_short_password_is_not_hidden_in_what_is_parsed() {
        Map<String, SecretRef.Source> sources = Map.of("p", new SecretRef.Source.Env("P"));
        SecretStore secrets = new SecretStore(folder, sources, Map.of("P", "primary"), false);
        secrets.value(new SecretRef("p"));
        try (LiveExecutionContext context = new LiveExecutionContext(secrets, System.getenv(), true, 8)) {
            ActionResult odd = context.ask(new Action.RunScript(
                    here,
                    Script.of("host/test-echo.sh").with("words", "primary\ttitle \u001b]0;x\u0007"),
                    Access.LOOK,
                    SOON));
            assertThat(odd.text()).isEqualTo("primary\ttitle \uFFFD]0;x\uFFFD\n");
            assertThat(secrets.hide("the primary")).isEqualTo("the <secret p>");
        }
    }
}
