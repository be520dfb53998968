package dev.holdfast.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.Patience;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Real SSH servers and SSH agents of this user, on loopback addresses. They need no namespace of their own. */
final class LoopbackServers implements AutoCloseable {

    private final Path folder;
    private final String network;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();

    LoopbackServers() throws IOException, InterruptedException {
        assumeTrue(
                Fleet.exitCode("PATH=$PATH:/usr/sbin; command -v sshd && command -v ssh-agent") == 0,
                "there is no sshd or no ssh-agent here");
        folder = Files.createTempDirectory("hf");
        network = "127." + (105 + ThreadLocalRandom.current().nextInt(100)) + "."
                + ThreadLocalRandom.current().nextInt(1, 250) + ".";
        if (System.getProperty("user.name").equals("root")) {
            Fleet.does("mkdir -p /run/sshd");
        }
        newKey("id", "");
    }

    Path folder() {
        return folder;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    String address(String server) {
        return network + (1 + List.copyOf(ports.keySet()).indexOf(server));
    }

    int port(String server) {
        return ports.get(server);
    }

    void newKey(String name, String passphrase, String... options) throws IOException, InterruptedException {
        String type = options.length == 0 ? "-t ed25519" : String.join(" ", options);
        Fleet.does("ssh-keygen -q " + type + " -N '" + passphrase + "' -C " + name + " -f " + file(name));
    }

    /** Starts an SSH server that accepts the keys of these files, and makes its host key known. */
    void start(String server, List<String> keys, String... settings) throws IOException, InterruptedException {
        ports.put(server, 0);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(address(server)))) {
            ports.put(server, free.getLocalPort());
        }
        newKey(server + ".host", "");
        StringBuilder accepted = new StringBuilder();
        for (String key : keys) {
            accepted.append(Files.readString(file(key + ".pub")));
        }
        Files.writeString(file(server + ".keys"), accepted);
        List<String> lines = new ArrayList<>(List.of(
                "ListenAddress " + address(server) + ":" + port(server),
                "HostKey " + file(server + ".host"),
                "PidFile none",
                "UsePAM no",
                "UseDNS no",
                "StrictModes no",
                "LogLevel VERBOSE",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "AuthorizedKeysFile " + file(server + ".keys")));
        lines.addAll(List.of(settings));
        Files.write(file(server + ".conf"), lines);
        know("[" + address(server) + "]:" + port(server), server);
        run(
                server,
                "sh",
                "-c",
                "PATH=$PATH:/usr/sbin; exec $(command -v sshd) -D -f " + file(server + ".conf") + " -E "
                        + file(server + ".log"));
        Patience.until("the SSH server " + server + " answers", Duration.ofSeconds(90), () -> answers(server));
    }

    /** Adds the host key of a server to the known hosts, under a name. */
    void know(String name, String server) throws IOException {
        Path known = file("known");
        String key = Files.readString(file(server + ".host.pub"));
        String line = name + " " + key.substring(0, key.lastIndexOf(' ')) + "\n";
        Files.writeString(known, (Files.exists(known) ? Files.readString(known) : "") + line);
    }

    /** Starts an SSH agent with these keys, and returns its socket. */
    Path agent(String name, String passphrase, String... keys) throws IOException, InterruptedException {
        Path socket = file(name);
        run(name, "ssh-agent", "-D", "-a", socket.toString());
        Patience.until("the SSH agent listens", () -> Files.exists(socket));
        Path ask = file("ask");
        Files.writeString(ask, "#!/bin/sh\necho '" + passphrase + "'\n");
        assertThat(ask.toFile().setExecutable(true)).isTrue();
        for (String key : keys) {
            Fleet.does("SSH_AUTH_SOCK=" + socket + " DISPLAY=none SSH_ASKPASS=" + ask
                    + " SSH_ASKPASS_REQUIRE=force ssh-add -q " + file(key));
        }
        return socket;
    }

    private void run(String name, String... command) throws IOException {
        processes.put(
                name,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(file(name + ".out").toFile())
                        .redirectInput(new File("/dev/null"))
                        .start());
    }

    private boolean answers(String server) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address(server), port(server)), 1000);
            socket.setSoTimeout(2000);
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("SSH-");
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The number of logins to a server. */
    long logins(String server) throws IOException {
        try (Stream<String> lines = Files.lines(file(server + ".log"))) {
            return lines.filter(l -> l.contains("Accepted publickey")).count();
        }
    }

    /** Stops the listener: the kernel still accepts connections, and nothing answers. */
    void freeze(String server) throws IOException, InterruptedException {
        Fleet.does("kill -STOP " + processes.get(server).pid());
    }

    void thaw(String server) throws IOException, InterruptedException {
        Fleet.does("kill -CONT " + processes.get(server).pid());
    }

    /** Ends the processes of all connections and leaves the listener. */
    void cutConnections(String server) {
        processes.get(server).descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() throws IOException {
        for (String name : List.copyOf(processes.keySet())) {
            cutConnections(name);
            processes.remove(name).destroyForcibly();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
