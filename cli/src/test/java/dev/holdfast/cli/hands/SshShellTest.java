package dev.holdfast.cli.hands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Host;
import dev.holdfast.model.Reach;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Map;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same scripts over a real SSH connection, to a server on a loopback address. */
class SshShellTest {

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
        host = new Host(
                "d1",
                "127.0.0.1",
                "",
                "",
                new Reach.Ssh(
                        "dba",
                        server.getPort(),
                        key.toString(),
                        folder.resolve("known").toString()),
                folder.toString());
    }

    @AfterEach
    void gone() throws IOException {
        server.stop(true);
    }

    private void knows(PublicKey key) throws IOException {
        Files.writeString(
                folder.resolve("known"), "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(key) + "\n");
    }

    private LiveWorld world() {
        Secrets secrets = new Secrets(folder.resolve("secrets"), Map.of(), System.getenv(), true);
        return new LiveWorld(secrets, System.getenv(), true, 8);
    }

    private Answer echo(LiveWorld world, String words) {
        return world.ask(
                new Action.Exec(host, Script.of("host/test-echo.sh").with("words", words), Action.Intent.LOOK, SOON));
    }

    @Test
    void scripts_run_and_files_are_put_as_they_are_on_the_local_machine() throws IOException {
        String odd = "it's $(id) \"x\"\nsecond line";
        try (LiveWorld world = world()) {
            assertThat(echo(world, odd).text()).isEqualTo(odd + "\n");
            assertThat(echo(world, "@fail").isRefused("7")).isTrue();
            Script content = Script.of("host/test-content.txt").with("text", odd);
            Answer put = world.ask(new Action.Write(host, folder.resolve("f") + "", content, "0600", "", SOON));
            assertThat(put.sentence()).isEqualTo("done");
        }
        assertThat(Files.readString(folder.resolve("f"))).isEqualTo("text: " + odd + "\n");
    }

    @Test
    void a_host_whose_key_is_not_the_known_one_is_not_spoken_to() throws Exception {
        knows(KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256).getPublic());
        try (LiveWorld world = world()) {
            Answer answer = echo(world, "hello");
            assertThat(answer.isSilent()).isTrue();
            assertThat(answer.text()).containsIgnoringCase("host key");
        }
    }

    @Test
    void a_lock_is_held_over_the_connection_and_goes_with_it() {
        Script lock =
                Script.of("host/lock.sh").with("directory", folder.toString()).with("lease", 20);
        try (LiveWorld second = world()) {
            try (LiveWorld first = world()) {
                Held taken = first.hold(host, lock.with("owner", "the first"), SOON);
                assertThat(taken.first().text()).isEqualTo("locked");
                assertThat(taken.isThere()).isTrue();
                Answer refused = second.hold(host, lock.with("owner", "the second"), SOON)
                        .first();
                assertThat(refused.isRefused("8")).as(refused.toString()).isTrue();
                assertThat(refused.text()).isEqualTo("the first");
            }
            Answer taken = Answer.silent("");
            for (int i = 0; i < 100 && !taken.isOk(); i++) {
                taken = second.hold(host, lock.with("owner", "the second"), SOON)
                        .first();
            }
            assertThat(taken.isOk()).as(taken.toString()).isTrue();
        }
    }

    @Test
    void a_connection_that_was_lost_is_made_anew() throws IOException {
        try (LiveWorld world = world()) {
            assertThat(echo(world, "one").isOk()).isTrue();
            server.getActiveSessions().forEach(s -> s.close(true));
            Answer next = echo(world, "two");
            assertThat(next.text()).isEqualTo("two\n");
        }
    }
}
