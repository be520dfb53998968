package dev.holdfast.cli.ssh;

import dev.holdfast.cli.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One host of a {@link Fleet}, with what can befall it. */
final class TestHost {

    private static final String CUT = "holdfast_test";

    private final Fleet fleet;
    private final String name;
    private final String namespace;
    private final String address;
    private Process init;

    TestHost(Fleet fleet, String name, String namespace, String address) {
        this.fleet = fleet;
        this.name = name;
        this.namespace = namespace;
        this.address = address;
    }

    String name() {
        return name;
    }

    String namespace() {
        return namespace;
    }

    String address() {
        return address;
    }

    /** Where the host's part of an estate lives. */
    Path folder() {
        return fleet.folder().resolve(name);
    }

    /** What the host itself sees as {@link Fleet#sharedName}. */
    Path privateFolder() {
        return fleet.folder().resolve(name + ".private");
    }

    void connect() throws IOException, InterruptedException {
        String veth = "v" + namespace;
        Fleet.does(
                "ip netns add %1$s\nip link add %2$s type veth peer name eth0 netns %1$s\n".formatted(namespace, veth)
                        + "ip link set %s master %s up\n".formatted(veth, fleet.mark())
                        + "ip -n %s address add %s/24 dev eth0\n".formatted(namespace, address)
                        + "ip -n %1$s link set eth0 up\nip -n %1$s link set lo up\n".formatted(namespace)
                        + "cd " + fleet.folder() + " && ssh-keygen -q -t ed25519 -N '' -f host_" + name + "\n");
        Files.createDirectories(folder());
        Files.createDirectories(privateFolder());
        Fleet.does("chown " + Fleet.USER + " " + folder() + " 2>/dev/null || chown --reference=" + fleet.folder()
                + "/home " + folder());
        String key = Files.readString(fleet.folder().resolve("host_" + name + ".pub"));
        Files.writeString(
                fleet.knownHosts(),
                address + " " + key.substring(0, key.lastIndexOf(' ')) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        Files.writeString(
                fleet.folder().resolve(name + ".conf"),
                List.of(
                                "ListenAddress " + address,
                                "HostKey " + fleet.folder().resolve("host_" + name),
                                "PidFile none",
                                "UsePAM no",
                                "LogLevel VERBOSE",
                                "UseDNS no",
                                "StrictModes no",
                                "MaxStartups 100",
                                "PasswordAuthentication no",
                                "SetEnv PATH=" + Fleet.path(),
                                "AuthorizedKeysFile " + fleet.key() + ".pub")
                        .stream()
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    /** Switches it on: its SSH server is its first process. */
    void start() throws IOException {
        String files = fleet.folder().toString();
        String boot = "hostname %s; mount --bind %s/passwd /etc/passwd; mount --bind %s/shadow /etc/shadow; "
                        .formatted(name, files, files)
                + "mount --bind %s %s; ".formatted(privateFolder(), fleet.sharedName())
                + "exec \"$(command -v sshd || echo /usr/sbin/sshd)\" -D -f %s/%s.conf -E %s/%s.log"
                        .formatted(files, name, files, name);
        init = new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + namespace,
                        "unshare",
                        "--fork",
                        "--pid",
                        "--mount-proc",
                        "--uts",
                        "--kill-child",
                        "sh",
                        "-c",
                        boot)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        fleet.folder().resolve(name + ".boot").toFile()))
                .redirectInput(new java.io.File("/dev/null"))
                .start();
    }

    /** How many commands were sent to it by SSH so far. */
    long commands() throws IOException {
        try (Stream<String> log = Files.lines(fleet.folder().resolve(name + ".log"))) {
            return log.filter(l -> l.contains("Starting session: command")).count();
        }
    }

    void awaitAnswer() {
        Patience.until(
                () -> "the SSH server of " + name + " comes up: " + description(),
                Duration.ofSeconds(60),
                Duration.ofMillis(20),
                this::answers);
    }

    private String description() {
        try {
            return Files.readString(fleet.folder().resolve(name + ".boot"));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, 22), 1000);
            socket.setSoTimeout(2000);
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("SSH-");
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The first process of the host, by the machine's number. */
    private long first() throws IOException {
        String children = "/proc/" + init.pid() + "/task/" + init.pid() + "/children";
        return Long.parseLong(Files.readString(Path.of(children)).strip().split(" ")[0]);
    }

    /** Runs a script on the host, not by SSH; answers what it said. */
    String does(String script) throws IOException, InterruptedException {
        Path file = Files.createTempFile(fleet.folder(), "do", ".sh");
        Files.writeString(file, "PATH=" + Fleet.path() + "\n" + script);
        return Fleet.does("nsenter -t " + first() + " --net --pid --mount --uts sh -e " + file);
    }

    /** Nothing comes in or goes out any more; processes live on. */
    void cut() throws IOException, InterruptedException {
        cutExcept();
    }

    /** Only packets to and from these addresses still pass. */
    void cutExcept(String... addresses) throws IOException, InterruptedException {
        StringBuilder pass = new StringBuilder();
        for (String one : addresses) {
            pass.append("ip saddr ")
                    .append(one)
                    .append(" accept; ip daddr ")
                    .append(one)
                    .append(" accept; ");
        }
        rules(pass + "oifname != lo counter drop", pass + "iifname != lo counter drop");
    }

    /** The firewall table of the host; one rule set for what goes out, one for what comes in. */
    void rules(String out, String in) throws IOException, InterruptedException {
        Fleet.does("ip netns exec %s nft -f - <<'RULES'\ntable inet %s {}\ndelete table inet %s\n"
                        .formatted(namespace, CUT, CUT)
                + "table inet %s {\nchain o { type filter hook output priority -300; %s; }\n".formatted(CUT, out)
                + "chain i { type filter hook input priority -300; %s; }\n}\nRULES\n".formatted(in));
    }

    void repair() throws IOException, InterruptedException {
        Fleet.does("ip netns exec " + namespace + " nft delete table inet " + CUT);
    }

    /** Every process of the host stands still, its SSH server too; connections are accepted and nothing is answered. */
    void freeze() throws IOException, InterruptedException {
        Fleet.does("kill -STOP $(ip netns pids " + namespace + ")");
    }

    void thaw() throws IOException, InterruptedException {
        Fleet.does("kill -CONT $(ip netns pids " + namespace + ")");
    }

    /** Every answer to a new command ends after a few words, although the command ends well. */
    void cutAnswersShort() throws IOException, InterruptedException {
        Path conf = fleet.folder().resolve(name + ".conf");
        Files.writeString(
                conf, "ForceCommand /bin/sh -c \"$SSH_ORIGINAL_COMMAND\" | head -c 200\n", StandardOpenOption.APPEND);
        readAgain();
    }

    void answerInFull() throws IOException, InterruptedException {
        Path conf = fleet.folder().resolve(name + ".conf");
        Files.writeString(conf, Files.readString(conf).replaceAll("(?m)^ForceCommand.*\\R", ""));
        readAgain();
    }

    private void readAgain() throws IOException, InterruptedException {
        Fleet.does("kill -HUP " + first());
        awaitAnswer();
    }

    /** The power goes: nobody hears a word, every process is gone. Its disk stays; {@link #powerOn} switches it on again. */
    void powerOff() throws IOException, InterruptedException {
        cut();
        end();
    }

    void powerOn() throws IOException, InterruptedException {
        repair();
        start();
        awaitAnswer();
    }

    private void end() throws IOException, InterruptedException {
        init.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        Fleet.does("for try in 1 2 3 4 5 6 7 8 9 10; do all=$(ip netns pids %1$s); [ -n \"$all\" ] || exit 0;"
                        .formatted(namespace)
                + " kill -KILL $all 2>/dev/null || true; sleep 0.1; done; exit 1");
    }

    void remove() throws IOException, InterruptedException {
        end();
        Fleet.does("ip netns delete " + namespace);
    }
}
