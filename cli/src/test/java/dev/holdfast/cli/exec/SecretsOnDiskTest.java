package dev.holdfast.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A generated secret survives a power failure, or the password of its server would be lost. */
@Tag("unit")
class SecretsOnDiskTest {

    private static final SecretRef ADMIN = new SecretRef("shop/admin");

    @TempDir
    Path folder;

    private SecretStore store(Path secrets) {
        return new SecretStore(secrets, Map.of(), Map.of(), true);
    }

    /** What the Java runtime records of a change: the files and directories below the folder that it fsynced, in order. */
    private List<String> fsynced(Runnable change) throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            change.run();
            recording.stop();
            Path dump = folder.resolve("dump.jfr");
            recording.dump(dump);
            return RecordingFile.readAllEvents(dump).stream()
                    .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                    .map(e -> Path.of(e.getString("path")))
                    .filter(p -> p.startsWith(folder))
                    .map(p -> folder.relativize(p).toString())
                    .toList();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void a_generated_secret_is_on_disk_with_all_its_names_before_it_is_used() throws IOException {
        Path secrets = folder.resolve("state/shop/secrets");
        List<String> fsynced = fsynced(() -> store(secrets).value(ADMIN));
        assertThat(fsynced).hasSize(5);
        assertThat(fsynced.subList(0, 3)).containsExactlyInAnyOrder("", "state", "state/shop");
        assertThat(fsynced.get(3)).matches("state/shop/secrets/\\.new[0-9]+");
        assertThat(fsynced.get(4)).isEqualTo("state/shop/secrets");
        assertThat(mode(secrets)).isEqualTo("rwx------");
        assertThat(mode(secrets.resolve("shop.admin"))).isEqualTo("rw-------");
        try (Stream<Path> left = Files.list(secrets)) {
            assertThat(left).containsExactly(secrets.resolve("shop.admin"));
        }
        assertThat(fsynced(() -> store(secrets).value(ADMIN))).isEmpty();
    }

    @Test
    void a_file_that_is_replaced_is_on_disk_before_it_has_its_name_and_keeps_its_mode() throws IOException {
        Path file = Files.writeString(folder.resolve("plan"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        List<String> fsynced = fsynced(() -> AtomicFile.write(file, "new"));
        assertThat(fsynced).hasSize(2);
        assertThat(fsynced.get(0)).matches("\\.plan\\.[0-9]+\\.draft");
        assertThat(fsynced.get(1)).isEmpty();
        assertThat(file).hasContent("new");
        assertThat(mode(file)).isEqualTo("rw-r-----");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxrwx", "rwxrwx---", "rwx----w-"})
    void secrets_in_a_directory_where_others_can_replace_them_are_refused(String mode) throws IOException {
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        String value = store(secrets).value(ADMIN);
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString(mode));
        for (SecretRef secret : List.of(ADMIN, new SecretRef("shop/other"))) {
            assertThatThrownBy(() -> store(secrets).value(secret))
                    .isInstanceOfSatisfying(HoldfastException.class, t -> {
                        assertThat(t)
                                .hasMessageContaining("the directory " + secrets + " has mode " + mode
                                        + ", so other users can replace the secrets in it");
                        assertThat(t.hint()).isEqualTo("chmod 700 " + secrets);
                    });
        }
        assertThat(secrets.resolve("shop.other")).doesNotExist();
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(store(secrets).value(ADMIN)).isEqualTo(value);
    }
}
