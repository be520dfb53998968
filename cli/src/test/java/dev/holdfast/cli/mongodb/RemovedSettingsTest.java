package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.mongodb.topology.RemovedSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real mongod does not start with any of the settings that validate names as removed. */
@Tag("real")
class RemovedSettingsTest {

    private static final Map<String, String> BELOW = Map.of(
            "storage.mmapv1.", "storage.mmapv1.smallFiles",
            "storage.quota.", "storage.quota.enforced",
            "net.http.", "net.http.enabled");

    @TempDir
    Path folder;

    private static String mongod() {
        return Stream.of((RealEstate.servers() + ":" + System.getenv("PATH")).split(":"))
                .map(f -> Path.of(f, "mongod"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow()
                .toString();
    }

    /** Returns the exit code of a mongod that only reads its configuration. */
    private int reads(String configuration) throws Exception {
        Path file = Files.writeString(folder.resolve("mongod.conf"), configuration);
        Process process = new ProcessBuilder(mongod(), "-f", file.toString(), "--outputConfig")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void a_server_that_reads_one_of_them_ends_with_an_error() throws Exception {
        assertThat(reads("storage.journal.commitIntervalMs: 100\n"))
                .as("a setting that is left")
                .isZero();
        Map<String, Integer> codes = new TreeMap<>();
        for (String name : RemovedSettings.ALL.keySet()) {
            String setting = BELOW.getOrDefault(name, name);
            String parameter = setting.replaceFirst("^setParameter\\.", "");
            codes.put(
                    name,
                    reads(
                            parameter.equals(setting)
                                    ? setting + ": true\n"
                                    : "setParameter: { " + parameter + ": 1 }\n"));
        }
        assertThat(codes)
                .hasSizeGreaterThan(8)
                .allSatisfy((name, code) -> assertThat(code).as(name).isNotZero());
    }
}
