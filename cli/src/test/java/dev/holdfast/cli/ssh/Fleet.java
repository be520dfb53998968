package dev.holdfast.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.Capability;
import dev.holdfast.cli.RealEstate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real hosts on one machine: each has a network namespace with an address of its own, a process list of its own, an SSH
 * server with a host key of its own, and a folder. What a killed run has left is swept away by the next one.
 */
final class Fleet implements AutoCloseable {

    /** The name of the ordinary user that every host knows; the machine does not. */
    static final String USER = "hfdba";

    private static final String PREFIX = "hf";
    private static final int USER_ID = 54321;

    private final String mark;
    private final String network;
    private final Path folder;
    private final List<TestHost> hosts = new ArrayList<>();

    private Fleet(String mark, String network, Path folder) {
        this.mark = mark;
        this.network = network;
        this.folder = folder;
    }

    /** As many hosts as names, with the addresses .11, .12, and so on. */
    static Fleet of(String... names) throws IOException, InterruptedException {
        Capability.SYS_ADMIN.assumed();
        Capability.NET_ADMIN.assumed();
        assumeTrue(mayMakeHosts(), "no hosts can be made here: that needs root, ip, nft, unshare, nsenter and sshd");
        sweep();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String mark = PREFIX + ProcessHandle.current().pid() + letter(random.nextInt(26));
        String network = "10." + random.nextInt(200, 250) + "." + random.nextInt(1, 250) + ".";
        Path folder = Files.createTempDirectory(
                "hf", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Fleet fleet = new Fleet(mark, network, folder);
        fleet.bridge();
        fleet.keys();
        for (int i = 0; i < names.length; i++) {
            fleet.hosts.add(new TestHost(fleet, names[i], mark + "n" + i, network + (11 + i)));
        }
        for (TestHost host : fleet.hosts) {
            host.connect();
            host.start();
        }
        for (TestHost host : fleet.hosts) {
            host.awaitAnswer();
        }
        return fleet;
    }

    private static String letter(int n) {
        return String.valueOf((char) ('a' + n));
    }

    private static boolean mayMakeHosts() throws IOException, InterruptedException {
        return exitCode(
                        "test \"$(id -u)\" = 0 && PATH=$PATH:/usr/sbin:/sbin && for p in ip nft unshare nsenter sshd; do"
                                + " command -v $p >/dev/null || exit 1; done && unshare --net true")
                == 0;
    }

    /** Ends what is left of runs whose process is gone. */
    private static void sweep() throws IOException, InterruptedException {
        does("""
                for ns in $(ip netns list | sed -n 's/^\\(hf[0-9]*[a-z]n[0-9]*\\).*/\\1/p'); do
                  pid=${ns#hf}; pid=${pid%%[a-z]*}
                  [ ! -d /proc/$pid ] || continue
                  kill -KILL $(ip netns pids $ns) 2>/dev/null || true
                  ip netns delete $ns
                done
                for bridge in $(ip -o link show type bridge | sed -n 's/^[0-9]*: \\(hf[0-9]*[a-z]\\):.*/\\1/p'); do
                  pid=${bridge#hf}; pid=${pid%[a-z]}
                  [ -d /proc/$pid ] || ip link delete $bridge
                done
                """);
    }

    private void bridge() throws IOException, InterruptedException {
        does("ip link add " + mark + " type bridge && ip address add " + network + "1/24 dev " + mark
                + " && ip link set " + mark + " up");
    }

    private void keys() throws IOException, InterruptedException {
        does("cd " + folder + """

                mkdir -p /run/sshd
                ssh-keygen -q -t ed25519 -N '' -C test -f id
                ssh-keygen -q -t ed25519 -N '' -C other -f other
                grep -Ev '^(hfdba|root):' /etc/passwd >passwd
                echo 'root:x:0:0:root:%s:/bin/sh' >>passwd
                echo 'hfdba:x:%d:%d::%s/home:/bin/sh' >>passwd
                grep -v '^hfdba:' /etc/shadow >shadow
                echo 'hfdba:*:19000:0:99999:7:::' >>shadow
                chmod 600 shadow
                mkdir private
                mkdir home && chown %d:%d home
                """.formatted(folder, USER_ID, USER_ID, folder, USER_ID, USER_ID));
    }

    Path folder() {
        return folder;
    }

    /** A path that is another folder on each host. */
    Path sharedName() {
        return folder.resolve("private");
    }

    String mark() {
        return mark;
    }

    /** All but the last part of the hosts' addresses. */
    String network() {
        return network;
    }

    Path key() {
        return folder.resolve("id");
    }

    Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    List<TestHost> hosts() {
        return List.copyOf(hosts);
    }

    TestHost host(String name) {
        return hosts.stream().filter(h -> h.name().equals(name)).findFirst().orElseThrow();
    }

    /** The reach of a host, as a topology says it. */
    String reach(String user) {
        return "{ ssh: { user: " + user + ", key: " + key() + ", knownHosts: " + knownHosts() + " } }";
    }

    /** The lines of a topology's hosts; zone and region are the host's own. */
    String lines(String user) {
        StringBuilder lines = new StringBuilder("hosts:\n");
        for (TestHost host : hosts) {
            lines.append("  %s: { address: %s, zone: z%s, region: r, directory: %s, reach: %s }%n"
                    .formatted(host.name(), host.address(), host.name(), host.folder(), reach(user)));
        }
        return lines.toString();
    }

    /** Where servers are found by those who log in. */
    static String path() {
        return "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin:" + RealEstate.servers();
    }

    static int exitCode(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /** Runs a script that must end well; answers what it said. */
    static String does(String script) throws IOException, InterruptedException {
        Path out = Files.createTempFile("hf", ".out");
        try {
            Process process = new ProcessBuilder("sh", "-c", "set -e\nPATH=$PATH:/usr/sbin:/sbin\n" + script)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .redirectInput(new java.io.File("/dev/null"))
                    .start();
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            String output = Files.readString(out, StandardCharsets.UTF_8);
            assertThat(ended).as("did not end: " + script + "\n" + output).isTrue();
            assertThat(process.exitValue()).as(script + "\n" + output).isZero();
            return output;
        } finally {
            Files.delete(out);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (TestHost host : hosts) {
                host.remove();
            }
            does("ip link delete " + mark);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
