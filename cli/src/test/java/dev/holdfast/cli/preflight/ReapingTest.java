package dev.holdfast.cli.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Script;
import dev.holdfast.preflight.PreflightRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preflight on a host whose first process does not reap ended processes, as in a container without an init. */
@Tag("unit")
class ReapingTest {

    @TempDir
    Path folder;

    @Test
    void ended_processes_that_remain_are_reported() throws Exception {
        Process first = new ProcessBuilder("unshare", "--fork", "--pid", "--mount-proc", "sleep", "120")
                .redirectErrorStream(true)
                .start();
        try {
            Patience.until(
                    "the first process runs, or none is allowed",
                    () -> !first.isAlive() || first.children().findAny().isPresent());
            assumeTrue(first.isAlive(), "this needs a process namespace of its own (CAP_SYS_ADMIN)");
            ProcessHandle inside = first.children().findAny().orElseThrow();
            // before that, unshare itself would run there
            Patience.until(
                    "the first process is sleep",
                    () -> inside.info()
                            .command()
                            .filter(c -> c.endsWith("sleep"))
                            .isPresent());
            assertThat(reaping(Long.toString(inside.pid()))).contains("\"name\":\"reaping\",\"value\":\"no\"");
            inside.destroyForcibly();
        } finally {
            first.destroyForcibly();
        }
    }

    private String reaping(String first) throws Exception {
        Map<String, Object> nothing = Map.of("programs", "", "folders", "", "names", "", "ports", "", "peers", "");
        ScriptRenderer renderer = new ScriptRenderer(new SecretStore(folder, Map.of(), Map.of(), false));
        Path script = Files.writeString(
                folder.resolve("preflight.sh"), renderer.shell(new Script(PreflightRecords.LOOK.script(), nothing)));
        Process look = new ProcessBuilder("nsenter", "-t", first, "-p", "-m", "--", "sh", script.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(look.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(look.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
