package dev.holdfast.cli.hands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Reach;
import dev.holdfast.model.Secret;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveWorldTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Secret PASSWORD = new Secret("social/admin");

    @TempDir
    Path folder;

    private final Host here = new Host("a1", "127.0.0.1", "z", "r", new Reach.Local(), "/tmp");

    private LiveWorld world(boolean mayChange) {
        Secrets secrets = new Secrets(folder.resolve("secrets"), Map.of(), System.getenv(), mayChange);
        return new LiveWorld(secrets, System.getenv(), mayChange, 8);
    }

    @Test
    void a_value_with_quotes_and_command_substitution_reaches_the_shell_as_it_is() throws IOException {
        String odd = "it's $(touch " + folder + "/owned) `id` \"x\"\nand a second line";
        Path file = folder.resolve("odd file's $(name)");
        try (LiveWorld world = world(true)) {
            Script write = Script.of("host/test-content.txt").with("text", odd);
            Answer answer = world.ask(new Action.Write(here, file.toString(), write, "0640", "", SOON));
            assertThat(answer.sentence()).isEqualTo("done");
        }
        assertThat(Files.readString(file)).isEqualTo("text: " + odd + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(folder.resolve("owned")).doesNotExist();
    }

    @Test
    void a_secret_is_written_as_its_value_and_told_as_its_name() throws IOException {
        Path file = folder.resolve("with-secret");
        try (LiveWorld world = world(true)) {
            Script write = Script.of("host/test-content.txt").with("text", PASSWORD);
            world.ask(new Action.Write(here, file.toString(), write, "0600", "", SOON));
            String value = Files.readString(file).substring("text: ".length()).strip();
            assertThat(value).hasSizeGreaterThan(20);
            Answer echoed = world.ask(
                    new Action.Exec(here, Script.of("host/test-echo.sh").with("words", PASSWORD), Intent.LOOK, SOON));
            assertThat(echoed.text().strip()).isEqualTo("<secret social/admin>");
        }
    }

    @Test
    void a_reading_world_refuses_to_change_and_makes_no_secret() {
        try (LiveWorld world = world(false)) {
            Action write = new Action.Write(here, folder + "/x", Script.of("host/test-content.txt"), "0600", "", SOON);
            assertThatThrownBy(() -> world.ask(write)).isInstanceOf(IllegalStateException.class);
            Answer answer = world.ask(
                    new Action.Exec(here, Script.of("host/test-echo.sh").with("words", PASSWORD), Intent.LOOK, SOON));
            assertThat(answer.code()).isEqualTo(LiveWorld.NO_SECRET);
        }
        assertThat(folder.resolve("secrets")).doesNotExist();
    }

    @Test
    void a_postgresql_server_that_is_not_there_is_silent_and_named_with_or_without_its_secret() {
        Node nobody = new Node("payments", "servers", "a1", Node.Kind.POSTGRES, here, 1, folder.toString());
        Action who = new Action.Sql(
                nobody,
                new Login("postgres", PASSWORD, ""),
                "postgres",
                Script.of("postgres/schema-who.sql"),
                Intent.LOOK,
                SOON);
        for (boolean mayMakeSecrets : new boolean[] {false, true}) {
            try (LiveWorld world = world(mayMakeSecrets)) {
                Answer answer = world.ask(who);
                assertThat(answer.isSilent()).isTrue();
                assertThat(answer.text()).contains("127.0.0.1:1: ").contains("Connection refused");
            }
        }
    }

    @Test
    void a_script_that_hangs_is_silent_at_its_deadline_and_a_failing_one_gives_its_code_and_reason() {
        try (LiveWorld world = world(true)) {
            Answer late = world.ask(new Action.Exec(
                    here, Script.of("host/test-echo.sh").with("words", "@sleep"), Intent.LOOK, Duration.ofMillis(400)));
            assertThat(late.isSilent()).isTrue();
            Answer failed = world.ask(
                    new Action.Exec(here, Script.of("host/test-echo.sh").with("words", "@fail"), Intent.LOOK, SOON));
            assertThat(failed.isRefused("7")).isTrue();
            assertThat(failed.text()).contains("on purpose");
        }
    }

    @Test
    void the_lock_of_an_estate_is_held_by_one_run_and_told_to_the_other() {
        Script lock = Script.of("host/lock.sh").with("lease", "").with("directory", folder.toString());
        try (LiveWorld second = world(true)) {
            try (LiveWorld first = world(true)) {
                Answer held = first.hold(here, lock.with("owner", "pid 1 the first"), SOON)
                        .first();
                assertThat(held.text()).isEqualTo("locked");
                Answer refused =
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
}
