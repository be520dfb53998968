package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of an estate's generated secrets. */
@Tag("unit")
class StateDirectoryTest {

    @TempDir
    Path home;

    private StateDirectory folders() {
        return new StateDirectory(Map.of("HOLDFAST_HOME", home.toString()));
    }

    @Test
    void generated_secrets_go_with_their_estate() throws Exception {
        Path secrets = Files.createDirectories(folders().secrets("bank"));
        Files.writeString(secrets.resolve("payments.admin"), "x");
        folders().forgetSecrets("bank");
        assertThat(secrets).doesNotExist();
        folders().forgetSecrets("bank");
    }

    @Test
    void a_folder_that_a_person_has_put_there_stays_with_what_is_in_it() throws Exception {
        Path secrets = Files.createDirectories(folders().secrets("bank"));
        Files.writeString(secrets.resolve("payments.admin"), "x");
        Path copy = Files.createDirectories(secrets.resolve("copy"));
        Files.writeString(copy.resolve("payments.admin"), "x");
        folders().forgetSecrets("bank");
        assertThat(secrets.resolve("payments.admin")).doesNotExist();
        assertThat(copy.resolve("payments.admin")).exists();
    }
}
