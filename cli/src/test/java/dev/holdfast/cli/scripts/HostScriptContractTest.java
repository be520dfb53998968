package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.exec.PosixShell;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.drill.fault.HostFaults;
import dev.holdfast.engine.MaintenanceMode;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts that observe an estate's directory print, in each shell that a host can have, the records that Java reads. */
@Tag("unit")
class HostScriptContractTest {

    private static final String HOSTILE = "a \"quote\", a \\ and é";

    @TempDir
    Path folder;

    private String records(PosixShell shell, ScriptFormat format, Map<String, Object> values) throws Exception {
        shell.assumed();
        ScriptRenderer words = new ScriptRenderer(new SecretStore(folder, Map.of(), Map.of(), false));
        ScriptAnswer answer = format.read(shell.run(words.shell(new Script(format.script(), values))));
        assertThat(answer.isOk()).as(answer.sentence()).isTrue();
        return answer.records().toString();
    }

    @ParameterizedTest
    @EnumSource
    void what_an_estate_leaves_on_a_host(PosixShell shell) throws Exception {
        Path fault = Files.createDirectories(folder.resolve(".faults/freeze-a1"));
        Files.createDirectories(folder.resolve(".faults/being-written"));
        Files.writeString(fault.resolve("mend"), "true");
        Files.writeString(fault.resolve("description"), HOSTILE + "\n");
        Files.writeString(
                folder.resolve(".maintenance"),
                "payments\t2026-01-01T00:00:00Z\t" + HOSTILE + "\nshop\t2026-01-02T00:00:00Z\t\n");
        Path own = Files.createDirectories(folder.resolve("h1/pay/\"a1\""));
        Files.writeString(own.resolve("holdfast.node"), "estate pay/servers/a1\n");
        Files.writeString(
                Files.createDirectories(folder.resolve("h1/pay/b1")).resolve("holdfast.node"), "another pay/b1\n");
        Map<String, Object> directory = Map.of("directory", folder.toString());
        assertThat(records(shell, HostFaults.LIST, directory))
                .contains("FaultOnRecord[name=freeze-a1, description=" + HOSTILE + "]")
                .doesNotContain("being-written")
                .containsPattern("Free\\[kib=[0-9]+]");
        assertThat(records(shell, MaintenanceMode.LOOK, directory))
                .isEqualTo("[Maintenance[cluster=payments, since=2026-01-01T00:00:00Z, reason=" + HOSTILE
                        + "], Maintenance[cluster=shop, since=2026-01-02T00:00:00Z, reason=]]");
        Map<String, Object> search = Map.of("root", folder.toString(), "depth", 4, "mark", "estate");
        assertThat(records(shell, ScratchInstances.LOOK, search))
                .isEqualTo("[Marked[id=pay/servers/a1, directory=" + own + "]]");
    }

    @ParameterizedTest
    @EnumSource
    void a_host_without_an_estate(PosixShell shell) throws Exception {
        String none = folder.resolve("none").toString();
        assertThat(records(shell, MaintenanceMode.LOOK, Map.of("directory", none)))
                .isEqualTo("[]");
        assertThat(records(shell, ScratchInstances.LOOK, Map.of("root", none, "depth", 4, "mark", "estate")))
                .isEqualTo("[]");
        assertThat(records(shell, HostFaults.LIST, Map.of("directory", none))).isEqualTo("[]");
    }
}
