package dev.holdfast.cli.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.RealEstate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hosts whose first process is systemd: containers that {@code scripts/systemd-hosts} makes; closing removes them. */
final class SystemdHosts implements AutoCloseable {

    private static final int CANNOT = 69;

    private final Path folder;
    private final Map<String, String> addresses = new LinkedHashMap<>();

    private record Said(int exit, String out, String err) {}

    private SystemdHosts(Path folder) {
        this.folder = folder;
    }

    /** Makes as many hosts as names; skips the test where none can be made. */
    static SystemdHosts of(String... names) throws IOException, InterruptedException {
        SystemdHosts hosts = new SystemdHosts(Files.createTempDirectory("hfs"));
        Said up = hosts.says("up", names);
        assumeTrue(
                up.exit() != CANNOT,
                "this needs a host with systemd: " + up.err().strip().replaceAll("(?s).*\n", ""));
        assertThat(up.exit()).as(up.toString()).isZero();
        up.out().lines().map(l -> l.split(" ")).forEach(l -> hosts.addresses.put(l[0], l[1]));
        return hosts;
    }

    private Said says(String verb, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                RealEstate.repositoryFolder().resolve("scripts/systemd-hosts").toString(), verb, folder.toString()));
        command.addAll(List.of(words));
        Path err = Files.createTempFile("hfs", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().put("HOLDFAST_SERVERS", RealEstate.servers());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        Said said = new Said(exit, out, Files.readString(err));
        Files.delete(err);
        return said;
    }

    /** Returns the hosts for a topology file, reached as root, except one where an ordinary user runs a shell by sudo. */
    String lines(String bySudo) {
        StringBuilder lines = new StringBuilder("hosts:\n");
        addresses.forEach((name, address) -> lines.append("""
                  %s:
                    address: %s
                    zone: zone-%s
                    directory: /var/lib/holdfast/services
                    reach: { ssh: { user: %s, port: 22, key: %s, knownHosts: %s, config: none } }
                """.formatted(
                        name,
                        address,
                        name,
                        name.equals(bySudo) ? "ops, become: sudo" : "root",
                        folder.resolve("id"),
                        folder.resolve("known_hosts"))));
        return lines.toString();
    }

    String network() {
        String first = addresses.values().iterator().next();
        return first.substring(0, first.lastIndexOf('.') + 1);
    }

    String address(String name) {
        return addresses.get(name);
    }

    /** Ends all processes of a host without a warning, and boots it. */
    void reboot(String name) throws IOException, InterruptedException {
        Said said = says("restart", name);
        assertThat(said.exit()).as(said.toString()).isZero();
    }

    void powerOff(String name) throws IOException, InterruptedException {
        Said said = says("off", name);
        assertThat(said.exit()).as(said.toString()).isZero();
    }

    /** Runs a line of shell as root on a host, and returns its output; the exit code does not count. */
    String run(String name, String line) throws IOException, InterruptedException {
        return says("run", name, "sh", "-c", line).out().strip();
    }

    @Override
    public void close() throws IOException {
        try {
            says("down");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        RealEstate.delete(folder);
    }
}
