package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.exec.PosixShell;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.preflight.SilentPort;
import dev.holdfast.drill.ObservedTopology;
import dev.holdfast.drill.fault.HostFaults;
import dev.holdfast.engine.MaintenanceMode;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.preflight.PreflightRecords;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
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
    void the_operating_system_of_a_host(PosixShell shell) throws Exception {
        String name = Files.readAllLines(Path.of("/etc/os-release")).stream()
                .filter(l -> l.startsWith("PRETTY_NAME="))
                .map(l -> l.substring(l.indexOf('=') + 1).replace("\"", ""))
                .findFirst()
                .orElse("");
        assertThat(records(shell, ObservedTopology.LOOK, Map.of()))
                .isEqualTo("[HostSystem[name=" + name + ", kernel="
                        + Files.readString(Path.of("/proc/sys/kernel/osrelease"))
                                .strip() + ", architecture="
                        + System.getProperty("os.arch").replace("amd64", "x86_64") + "]]");
    }

    @ParameterizedTest
    @EnumSource
    void what_a_host_offers_to_new_servers(PosixShell shell) throws Exception {
        String address = "127.104.1." + (1 + shell.ordinal());
        String odd = folder.resolve("a 'quoted' \"name\"").toString();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName(address))) {
            int port = server.getLocalPort();
            String records = records(
                    shell,
                    PreflightRecords.LOOK,
                    Map.of(
                            "programs",
                            "sh\tno\nnone-such\tyes\n/none/such\tno",
                            "folders",
                            odd + "/x/y\tno-such-user\n/proc/x\t",
                            "names",
                            "localhost no.such.name.invalid",
                            "ports",
                            address + "\t" + port + "\n" + address + "\t1",
                            "peers",
                            address + "\t" + port + "\n" + address + "\t1\nno.such.name.invalid\t1"));
            assertThat(records)
                    .containsPattern("Clock\\[at=BEGIN, seconds=[0-9.E]+]")
                    .containsPattern("Clock\\[at=END, seconds=[0-9.E]+]")
                    .containsPattern("Machine\\[key=[0-9a-f-]{36} net:\\[[0-9]+]]")
                    .contains("Login[user=" + System.getProperty("user.name") + ", root=")
                    .containsPattern("Program\\[name=sh, path=/[^]]+sh, version=]")
                    .contains("Program[name=none-such, path=, version=]")
                    .contains("Program[name=/none/such, path=, version=]")
                    .contains("Folder[path=" + odd + "/x/y, user=no-such-user, nearest=" + folder + ", access=WRITABLE")
                    .contains("Folder[path=/proc/x, user=, nearest=/proc, access=")
                    .contains("type=proc, free=0]")
                    .contains("Address[name=localhost, value=127.0.0.1]")
                    .contains("Address[name=no.such.name.invalid, value=]")
                    .contains("Port[address=" + address + ", port=" + port + ", state=TAKEN]")
                    .contains("Port[address=" + address + ", port=1, state=FREE]")
                    .contains("Link[address=" + address + ", port=" + port + ", state=CONNECTED, reason=]")
                    .contains("Link[address=" + address + ", port=1, state=REFUSED, reason=connection refused]")
                    .contains("Link[address=no.such.name.invalid, port=1, state=UNRESOLVED")
                    .containsPattern("Setting\\[name=vm.swappiness, value=" + kernel("swappiness") + "]")
                    .containsPattern("Setting\\[name=vm.max_map_count, value=" + kernel("max_map_count") + "]")
                    .containsPattern("Setting\\[name=vm.overcommit_memory, value=" + kernel("overcommit_memory") + "]")
                    .containsPattern("Setting\\[name=transparent_hugepage, value=[a-z]+]")
                    .containsPattern("Setting\\[name=swap, value=(yes|no)]")
                    .containsPattern("Setting\\[name=nofile, value=([0-9]+|unlimited)]")
                    .containsPattern("Setting\\[name=nproc, value=([0-9]+|unlimited)]")
                    .containsPattern("Setting\\[name=cpu, value=.+?]")
                    .containsPattern("Setting\\[name=reaping, value=(yes|no)]");
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("what the script has written").isEmpty();
        }
    }

    /** The kernel gives the whole number only to the first read. */
    private static String kernel(String name) throws IOException {
        byte[] value = new byte[32];
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/vm", name))) {
            int length = in.read(value);
            return new String(value, 0, length, StandardCharsets.US_ASCII).strip();
        }
    }

    /** A port that answers no connection is as blocked as one behind a firewall. */
    @ParameterizedTest
    @EnumSource
    void a_port_that_does_not_answer_is_blocked(PosixShell shell) throws Exception {
        try (SilentPort silent = new SilentPort("127.104.1." + (11 + shell.ordinal()), 0)) {
            Map<String, Object> values = new HashMap<>(
                    Map.of("programs", "", "folders", "", "names", "", "ports", "", "peers", silent.endpoint()));
            assertThat(records(shell, PreflightRecords.LOOK, values))
                    .contains("state=BLOCKED, reason=no answer within 3 s");
        }
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
