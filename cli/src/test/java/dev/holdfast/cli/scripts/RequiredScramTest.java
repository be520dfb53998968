package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ServersUser;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.live.LiveExecutionContext;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs that send a password from a host are started so that libpq sends the password by SCRAM only. */
@Tag("unit")
class RequiredScramTest {

    private Path folder;

    /** The servers' user is another one than the test's where the test runs as root. */
    @BeforeEach
    void a_folder_that_every_user_may_enter() throws IOException {
        ServersUser.mustExist("postgres");
        folder = Files.createTempDirectory("hf-scram");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        if (folder == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @CsvSource({"clone, pg_basebackup", "rewind, pg_rewind"})
    void a_program_that_logs_in_to_another_host_requires_scram_and_has_no_password_in_its_environment(
            String script, String program) throws IOException {
        program(
                program,
                "echo \"error: auth is $PGREQUIREAUTH, password is <$PGPASSWORD>, file is ${PGPASSFILE##*/}\"; exit 1");
        program("postgres", "echo 'postgres (PostgreSQL) 16.1'");
        Path node = Files.createDirectories(folder.resolve("node"));
        for (String part : new String[] {"log", "conf", "run", "data"}) {
            Path made = Files.createDirectories(node.resolve(part));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PGPASSWORD", "of-the-operator");
        environment.put("PGREQUIREAUTH", "none");
        Host host = new Host("a1", "127.0.0.1", "z", "r", new HostAccess.Local(), folder.toString());
        Script run = Script.of("postgres/" + script + ".sh")
                .with("directory", node.toString())
                .with("binaries", folder.resolve("bin").toString())
                .with("address", "127.102.3.1")
                .with("port", 5432)
                .with("replicator", "replicator")
                .with("rewinder", "rewinder")
                .with("slot", "b1")
                .with("name", "1")
                .with("flush", "no");
        try (LiveExecutionContext context =
                new LiveExecutionContext(new SecretStore(folder, Map.of(), environment, true), environment, true, 8)) {
            ActionResult answer = context.ask(new Action.RunScript(host, run, Access.CHANGE, Duration.ofSeconds(30)));
            assertThat(answer.isRefused()).as(answer.toString()).isTrue();
            assertThat(answer.text())
                    .contains(program + ": error: auth is scram-sha-256, password is <>, file is pgpass");
        }
    }
}
