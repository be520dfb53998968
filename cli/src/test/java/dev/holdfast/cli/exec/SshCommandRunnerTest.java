package dev.holdfast.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RunningProcess;
import dev.holdfast.cli.live.LiveExecutionContext;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same scripts over a real SSH connection, to a server on a loopback address. */
@Tag("unit")
class SshCommandRunnerTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private SshServer server;
    private KeyPair hostKey;
    private Host host;

    @BeforeEach
    void an_ssh_server() throws IOException, GeneralSecurityException {
        hostKey = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        KeyPair userKey = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator((user, key, session) -> KeyUtils.compareKeys(key, userKey.getPublic()));
        server.setCommandFactory(new ProcessShellCommandFactory());
        server.start();
        Path key = folder.resolve("id");
        try (var out = Files.newOutputStream(key)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(userKey, "test", null, out);
        }
        knows(hostKey.getPublic());
        host = host(key, false);
    }

    private Host host(Path key, boolean isBySudo) {
        HostAccess.Ssh ssh = new HostAccess.Ssh(
                "dba", server.getPort(), key.toString(), folder.resolve("known").toString(), "", "none", isBySudo);
        return new Host("d1", "127.0.0.1", "", "", ssh, folder.toString());
    }

    @AfterEach
    void gone() throws IOException {
        server.stop(true);
    }

    private void knows(PublicKey key) throws IOException {
        Files.writeString(
                folder.resolve("known"), "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(key) + "\n");
    }

    private LiveExecutionContext world() {
        SecretStore secrets = new SecretStore(folder.resolve("secrets"), Map.of(), System.getenv(), true);
        return new LiveExecutionContext(secrets, System.getenv(), true, 8);
    }

    private ActionResult echo(LiveExecutionContext context, String words) {
        return context.ask(new Action.RunScript(
                host, Script.of("host/test-echo.sh").with("words", words), Action.Access.LOOK, SOON));
    }

    @Test
    void scripts_run_and_files_are_put_as_they_are_on_the_local_machine() throws IOException {
        String odd = "it's $(id) \"x\"\nsecond line";
        try (LiveExecutionContext context = world()) {
            assertThat(echo(context, odd).text()).isEqualTo(odd + "\n");
            assertThat(echo(context, "@fail").isRefused("7")).isTrue();
            Script content = Script.of("host/test-content.txt").with("text", odd);
            ActionResult put =
                    context.ask(new Action.WriteFile(host, folder.resolve("f") + "", content, "0600", "", SOON));
            assertThat(put.sentence()).isEqualTo("done");
        }
        assertThat(Files.readString(folder.resolve("f"))).isEqualTo("text: " + odd + "\n");
    }

    /** The test's user is root, may use sudo, or may not: sudo itself decides. */
    @Test
    void scripts_run_as_root_by_sudo_or_the_host_is_unreachable_and_the_message_has_the_line_of_the_sudoers_file()
            throws Exception {
        boolean isAllowed = new ProcessBuilder("sh", "-c", "sudo -n /bin/sh -c true")
                        .start()
                        .waitFor()
                == 0;
        host = host(folder.resolve("id"), true);
        try (LiveExecutionContext context = world()) {
            ActionResult answer = echo(context, "it's $(id)");
            if (isAllowed) {
                assertThat(answer.text()).isEqualTo("it's $(id)\n");
                assertThat(echo(context, "@fail").isRefused("7")).isTrue();
            } else {
                assertThat(answer.isSilent()).as(answer.toString()).isTrue();
                assertThat(answer.text()).contains("sudo does not run Holdfast's scripts: ");
                assertThat(answer.hint()).endsWith("USER ALL=(root) NOPASSWD: /bin/sh");
            }
        }
    }

    @Test
    void a_host_whose_key_is_not_the_known_one_is_not_contacted() throws Exception {
        knows(KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256).getPublic());
        try (LiveExecutionContext context = world()) {
            ActionResult answer = echo(context, "hello");
            assertThat(answer.isSilent()).isTrue();
            assertThat(answer.text())
                    .contains("the host key has CHANGED: now it is ecdsa-sha2-nistp256 SHA256:")
                    .contains("ssh-keygen -R");
        }
    }

    @Test
    void an_unknown_host_key_a_missing_file_and_a_missing_key_are_distinguished() throws IOException {
        Files.writeString(folder.resolve("known"), "");
        try (LiveExecutionContext context = world()) {
            assertThat(echo(context, "x").text())
                    .contains("the host key ecdsa-sha2-nistp256 SHA256:", "is not in " + folder);
        }
        Files.delete(folder.resolve("known"));
        try (LiveExecutionContext context = world()) {
            assertThat(echo(context, "x").text()).contains("because " + folder.resolve("known") + " does not exist");
        }
        knows(hostKey.getPublic());
        Files.delete(folder.resolve("id"));
        try (LiveExecutionContext context = world()) {
            assertThat(echo(context, "x").text()).contains("the key file " + folder.resolve("id") + " does not exist");
        }
    }

    @Test
    void a_server_that_has_only_old_algorithms_is_not_contacted() throws IOException {
        for (String old : List.of("hmac-sha1", "hmac-md5", "ssh-rsa", "ssh-dss", "3des-cbc", "aes128-cbc")) {
            assertThat(SshAlgorithms.CONFIG.getMACFactories())
                    .noneMatch(f -> f.getName().equals(old));
            assertThat(SshAlgorithms.CONFIG.getKeyAlgorithms())
                    .noneMatch(f -> f.getName().equals(old));
            assertThat(SshAlgorithms.CONFIG.getCipherFactories())
                    .noneMatch(f -> f.getName().equals(old));
        }
        assertThat(SshAlgorithms.CONFIG.getKeyExchangeFactories())
                .hasSizeGreaterThanOrEqualTo(6)
                .noneMatch(f -> f.getName().endsWith("sha1"));
        assertThat(SshAlgorithms.CONFIG.getCipherFactories()).hasSizeGreaterThanOrEqualTo(4);
        server.setCipherFactories(List.of(BuiltinCiphers.aes128cbc));
        try (LiveExecutionContext context = world()) {
            ActionResult answer = echo(context, "x");
            assertThat(answer.isSilent()).isTrue();
        }
    }

    @Test
    void a_lock_is_held_over_the_connection_and_goes_with_it() {
        Script lock =
                Script.of("host/lock.sh").with("directory", folder.toString()).with("lease", 20);
        try (LiveExecutionContext second = world()) {
            try (LiveExecutionContext first = world()) {
                HeldScript taken = first.hold(host, lock.with("owner", "the first"), SOON);
                assertThat(taken.first().text()).isEqualTo("locked");
                assertThat(taken.isThere()).isTrue();
                ActionResult refused = second.hold(host, lock.with("owner", "the second"), SOON)
                        .first();
                assertThat(refused.isRefused("8")).as(refused.toString()).isTrue();
                assertThat(refused.text()).isEqualTo("the first");
            }
            ActionResult taken = ActionResult.silent("");
            for (int i = 0; i < 100 && !taken.isOk(); i++) {
                taken = second.hold(host, lock.with("owner", "the second"), SOON)
                        .first();
            }
            assertThat(taken.isOk()).as(taken.toString()).isTrue();
        }
    }

    @Test
    void a_connection_that_was_lost_is_made_again() throws IOException {
        try (LiveExecutionContext context = world()) {
            assertThat(echo(context, "one").isOk()).isTrue();
            server.getActiveSessions().forEach(s -> s.close(true));
            ActionResult next = echo(context, "two");
            assertThat(next.text()).isEqualTo("two\n");
        }
    }

    @Test
    void the_children_of_a_script_that_is_late_end_with_it() throws Exception {
        Path pid = folder.resolve("pid");
        try (LiveExecutionContext context = world()) {
            ActionResult late = context.ask(new Action.RunScript(
                    host,
                    Script.of("host/test-echo.sh").with("words", "@child " + pid),
                    Action.Access.LOOK,
                    Duration.ofMillis(1500)));
            assertThat(late.isSilent()).isTrue();
            assertThat(late.text()).containsPattern("within 1(500 ms| s)");
        }
        long child = Long.parseLong(Files.readString(pid).strip());
        Patience.until("the child ends", () -> !RunningProcess.is(child));
    }
}
