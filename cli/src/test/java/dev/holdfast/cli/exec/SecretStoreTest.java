package dev.holdfast.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class SecretStoreTest {

    @TempDir
    Path folder;

    @Test
    void a_generated_secret_is_private_and_one_that_others_can_read_or_change_is_refused() throws IOException {
        SecretRef admin = new SecretRef("shop/admin");
        String value = new SecretStore(folder, Map.of(), Map.of(), true).value(admin);
        Path file = folder.resolve("shop.admin");
        assertThat(file).hasContent(value);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        for (String mode : new String[] {"rw-r--r--", "rw--w----", "rw-----w-"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            assertThatThrownBy(() -> new SecretStore(folder, Map.of(), Map.of(), true).value(admin))
                    .isInstanceOfSatisfying(HoldfastException.class, t -> {
                        assertThat(t).hasMessageContaining(file + " has mode " + mode);
                        assertThat(t.hint()).isEqualTo("chmod 600 " + file);
                    });
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(new SecretStore(folder, Map.of(), Map.of(), true).value(admin))
                .isEqualTo(value);
    }

    @Test
    void an_observation_generates_no_secret_and_reads_one_that_a_change_has_generated() {
        SecretRef admin = new SecretRef("shop/admin");
        SecretStore secrets = new SecretStore(folder, Map.of(), Map.of(), true);
        SecretStore known = secrets.known();
        assertThatThrownBy(() -> known.value(admin)).hasMessageContaining("there is no such secret on this machine");
        assertThat(folder.resolve("shop.admin")).doesNotExist();
        String generated = secrets.value(admin);
        assertThat(known.value(admin)).isEqualTo(generated);
    }

    @Test
    void a_secret_from_a_file_that_others_can_read_is_refused_too() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "from a file\n");
        SecretStore secrets =
                new SecretStore(folder, Map.of("shop/app", new SecretRef.Source.File(file.toString())), Map.of(), true);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> secrets.value(new SecretRef("shop/app"))).hasMessageContaining("mode rw-r--r--");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(secrets.value(new SecretRef("shop/app"))).isEqualTo("from a file");
    }
}
