package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.execution.ActionResult;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An example's estate on real servers, on loopback addresses and in a folder of its own, so that several runs can go
 * side by side. Closing it destroys the estate and fails when anything is left.
 */
public final class RealEstate implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FURTHER = Pattern.compile(": (\\d+) further steps?$");
    private static final Path REPOSITORY = repository();
    private static final String BACKUPS = "/var/lib/holdfast/backup";

    private final Path folder;
    private final Path topology;
    private final String network;
    private final Map<String, String> environment = new HashMap<>(System.getenv());

    /** How a command line ended. */
    public record Ended(int exit, String out, String err) {
        public JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (IOException notJson) {
                throw new UncheckedIOException(out, notJson);
            }
        }

        @Override
        public String toString() {
            return "exit " + exit + "\n" + out + err;
        }
    }

    private RealEstate(Path folder, Path topology, String network) {
        this.folder = folder;
        this.topology = topology;
        this.network = network;
        environment.put("HOLDFAST_HOME", folder.resolve("home").toString());
        environment.put("HOLDFAST_SERVERS", servers());
        environment.remove("HOLDFAST_DIRECTORY");
    }

    /** @param example the folder below {@code examples/} */
    public static RealEstate of(String example) throws IOException {
        Path source = REPOSITORY.resolve("examples").resolve(example);
        return of(source, Files.readString(source.resolve("topology.yaml")));
    }

    /** @param text a topology whose hosts have addresses 127.0.1.N */
    public static RealEstate ofText(String text) throws IOException {
        return of(null, text);
    }

    /** @param network all but the last part of the addresses of hosts that are there already; each names its directory */
    public static RealEstate onHosts(String text, String network) throws IOException {
        return of(null, text, network);
    }

    private static RealEstate of(Path source, String text) throws IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return of(source, text, "127." + random.nextInt(16, 250) + "." + random.nextInt(1, 250) + ".");
    }

    private static RealEstate of(Path source, String text, String network) throws IOException {
        Path folder = Files.createTempDirectory(
                "hf", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (source != null && Files.isDirectory(source.resolve("schema"))) {
            copy(source.resolve("schema"), folder.resolve("schema"));
        }
        if (source != null && Files.isDirectory(source.resolve("drills"))) {
            copy(source.resolve("drills"), folder.resolve("drills"));
        }
        Path topology = folder.resolve("topology.yaml");
        RealEstate estate = new RealEstate(folder, topology, network);
        estate.rewrite(text);
        return estate;
    }

    /** Another estate of the same person: as this one, under another name, with addresses, folder and repository of its own. */
    public RealEstate another(String name) throws IOException {
        RealEstate other = of(null, text().replaceFirst("(?m)^name:.*$", "name: " + name));
        other.environment.put("HOLDFAST_HOME", environment.get("HOLDFAST_HOME"));
        return other;
    }

    public Path topology() {
        return topology;
    }

    /** @param name as {@code CLUSTER.NAME} */
    public String secret(String name) throws IOException {
        String estate = Files.readString(topology).replaceFirst("(?s).*?(?m)^name: *(\\S+)(?s).*", "$1");
        return Files.readString(Path.of(environment.get("HOLDFAST_HOME"), estate, "secrets", name));
    }

    /** Writes another topology for the same estate; addresses, directory and backup repository are made its own. */
    public void rewrite(String text) throws IOException {
        String own = text.replace("127.0.1.", network)
                .replace(BACKUPS, folder.resolve("b").toString())
                .replaceAll("(?m)^directory:.*\\R", "");
        Files.writeString(topology, own.replaceFirst("(?m)^name:.*$", "$0\ndirectory: " + folder.resolve("d")));
    }

    public String text() throws IOException {
        return Files.readString(topology)
                .replaceAll("(?m)^directory:.*\\R", "")
                .replace(network, "127.0.1.")
                .replace(folder.resolve("b").toString(), BACKUPS);
    }

    public Path folder() {
        return folder;
    }

    /** The address of host number n of the example. */
    public String address(int n) {
        return network + n;
    }

    /** Adds an environment variable for what is run from now on. */
    public RealEstate with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** The folder that holds README.md, examples and scripts. */
    public static Path repositoryFolder() {
        return REPOSITORY;
    }

    /** Runs a command line in this process, with the topology's file added. */
    public Ended run(String... args) {
        return runWith(topology, args);
    }

    /** The status as JSON, looked at until it is healthy: secondaries may need a moment to catch up on a busy machine. */
    public Ended whenHealthy() {
        Ended[] status = new Ended[1];
        Patience.until(() -> "healthy: " + status[0], Duration.ofSeconds(90), Duration.ofMillis(200), () -> {
            status[0] = run("status", "-o", "json");
            return status[0].json().path("healthy").asBoolean();
        });
        return status[0];
    }

    /** Nothing is left to do. */
    public Ended settled() {
        Ended plan = run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isZero();
        return plan;
    }

    /** Runs a command line in this process, with another topology's file. */
    public Ended runWith(Path file, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.run(environment, false, new PrintWriter(out), new PrintWriter(err), withFile(file, args));
        if (String.join(" ", args).contains("-o json")) {
            OutputDocuments.mustAgree(out.toString());
        }
        return new Ended(exit, out.toString(), err.toString());
    }

    /** Runs a drill once the estate is healthy, at a rate that a busy machine can keep. Returns the JSON output. */
    public Ended drill(String name, String... more) {
        whenHealthy();
        return run(
                Stream.concat(Stream.of("drill", "run", name, "--yes", "--rate", "20", "-o", "json"), Stream.of(more))
                        .toArray(String[]::new));
    }

    /**
     * Applies; the steps that plan listed are done, each once, those that it announced, in their number, and no other. Steps
     * that only wait or verify can be found fulfilled before their turn.
     */
    public Ended applyAsPlanned() throws IOException {
        List<String> planned = new ArrayList<>();
        int announced = 0;
        for (JsonNode stage : run("plan", "-o", "json").json().path("stages")) {
            stage.path("steps")
                    .forEach(s -> planned.add(
                            s.path("target").asText() + "  " + s.path("title").asText()));
            for (JsonNode note : stage.path("notes")) {
                Matcher further = FURTHER.matcher(note.asText());
                announced += further.find() ? Integer.parseInt(further.group(1)) : 0;
            }
        }
        Ended applied = run("apply", "--yes", "-o", "json");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        List<String> done = noted("STEP_DONE");
        // a set that elects the wanted member by itself needs no step for it
        planned.removeIf(p -> p.matches(".*  (Wait until|Verify|Elect) .*") && !done.contains(p));
        assertThat(done).as("what apply does").containsAll(planned).doesNotHaveDuplicates();
        assertThat(done)
                .as("what apply does, of %s and %s further", planned, announced)
                .hasSize(planned.size() + announced);
        int steps = 0;
        int skipped = 0;
        for (JsonNode cluster : applied.json().path("clusters")) {
            steps += cluster.path("steps").asInt();
            skipped += cluster.path("skipped").asInt();
        }
        assertThat(steps).as("how many steps apply reports").isEqualTo(done.size());
        assertThat(skipped)
                .as("how many steps apply reports as skipped")
                .isEqualTo(noted("STEP_SKIPPED").size());
        return applied;
    }

    /** The steps that the newest ledger notes so, as plan lists them. */
    private List<String> noted(String kind) throws IOException {
        return ledger().stream()
                .filter(e -> e.path("kind").asText().equals(kind))
                .map(e -> e.path("lane").asText() + "  " + e.path("step").asText())
                .toList();
    }

    /** Starts a command line as a process of its own, its output in {@code <folder>/<args>.out}. */
    public Process start(String... args) throws IOException {
        File out = folder.resolve("process.out").toFile();
        ProcessBuilder builder = process(words(args));
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(out));
        builder.redirectInput(new File("/dev/null"));
        return builder.start();
    }

    /**
     * Runs a command line whose state folder is on a full disk of its own: a copy, in memory, in a mount namespace.
     *
     * @param free how many bytes are left on that disk
     */
    public Ended onFullDisk(int free, String... args) throws Exception {
        Path home = Path.of(environment.get("HOLDFAST_HOME"));
        Path out = Files.createTempFile(folder, "full", ".out");
        String words = words(args).stream()
                .map(w -> "'" + w.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        Path command = Files.writeString(Files.createTempFile(folder, "full", ".sh"), """
                set -e
                cp -a '%1$s' '%1$s.copy'
                mount -t tmpfs -o size=64m,mode=700 tmpfs '%1$s'
                cp -a '%1$s.copy/.' '%1$s/'
                rm -r '%1$s.copy'
                dd if=/dev/zero of='%1$s/fill' bs=4096 2>/dev/null || true
                truncate -s "$(($(stat -c %%s '%1$s/fill') - %2$d))" '%1$s/fill'
                exec %3$s
                """.formatted(home, free, words));
        ProcessBuilder builder = process(List.of("unshare", "-m", "sh", command.toString()));
        builder.redirectErrorStream(true).redirectOutput(out.toFile()).redirectInput(new File("/dev/null"));
        int exit = builder.start().waitFor();
        return new Ended(exit, Files.readString(out), "");
    }

    /** How many bytes of the newest ledger come before its first change, that one included. */
    public int bytesBeforeChanges() throws IOException {
        int bytes = 0;
        for (String line : Files.readAllLines(newestLedger())) {
            bytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
            if (JSON.readTree(line).path("kind").asText().equals("ASKED")) {
                return bytes;
            }
        }
        throw new IllegalStateException("nothing was changed");
    }

    private Path newestLedger() throws IOException {
        try (Stream<Path> all = LiveFolder.walk(folder.resolve("home"))) {
            return all.filter(p -> p.endsWith("ledger.jsonl"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** Runs a command line at a terminal of its own, where a person types; what it showed, errors among it, is the output. */
    public Ended actions(String typed, String... args) throws Exception {
        return actions(Duration.ZERO, typed, args);
    }

    /** @param later how long after the start the person types */
    public Ended actions(Duration later, String typed, String... args) throws Exception {
        Path out = Files.createTempFile(folder, "terminal", ".out");
        Path in = Files.writeString(Files.createTempFile(folder, "terminal", ".in"), typed);
        String words = words(args).stream()
                .map(w -> "'" + w.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        Path command = Files.writeString(Files.createTempFile(folder, "terminal", ".sh"), words + "\n");
        String typist =
                "(sleep " + later.toSeconds() + "; cat " + in + ") | script -qefc 'sh " + command + "' /dev/null";
        ProcessBuilder builder =
                process(List.of("sh", "-c", later.isZero() ? typist.replaceFirst(".*\\| ", "") : typist));
        builder.redirectErrorStream(true).redirectOutput(out.toFile()).redirectInput(in.toFile());
        int exit = builder.start().waitFor();
        return new Ended(exit, Files.readString(out), "");
    }

    private ProcessBuilder process(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private List<String> words(String... args) {
        // a test run that was put into the background ignores Ctrl-C, and so would whatever it starts
        List<String> words = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.holdfast.cli.Main"));
        words.addAll(List.of(withFile(topology, args)));
        return words;
    }

    private static String[] withFile(Path file, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add(1, "-f");
        all.add(2, file.toString());
        return all.toArray(String[]::new);
    }

    /** The newest ledger's entries so far, whole lines only. */
    public List<JsonNode> ledger() throws IOException {
        Path runs = folder.resolve("home");
        List<Path> ledgers;
        try (Stream<Path> all = Files.exists(runs) ? LiveFolder.walk(runs) : Stream.empty()) {
            ledgers = all.filter(p -> p.endsWith("ledger.jsonl")).sorted().toList();
        }
        List<JsonNode> entries = new ArrayList<>();
        if (!ledgers.isEmpty()) {
            String text = Files.readString(ledgers.get(ledgers.size() - 1));
            for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
                if (!line.isEmpty()) {
                    entries.add(JSON.readTree(line));
                }
            }
        }
        return entries;
    }

    /** How many changing actions the newest ledger holds. */
    public long changes() throws IOException {
        return count("ASKED", "") - count("ANSWERED", ActionResult.NO_SECRET);
    }

    /** The entries of changes; those that were not sent for lack of a secret are answered with a code of their own. */
    private long count(String kind, String code) throws IOException {
        return ledger().stream()
                .filter(e -> e.path("kind").asText().equals(kind)
                        && e.path("intent").asText().equals("CHANGE")
                        && (code.isEmpty() || e.path("code").asText().equals(code)))
                .count();
    }

    /** The processes whose command line names this estate's folder: servers, not the test itself. */
    public List<ProcessHandle> servers(String word) {
        return ProcessHandle.allProcesses()
                .filter(p -> p.pid() != ProcessHandle.current().pid())
                .filter(p -> commandLine(p.pid()).contains(folder.resolve("d") + word))
                .toList();
    }

    /** Kills the servers whose command line has that word, and waits until they have ended: a killed server may need seconds. */
    public void kill(String word) {
        servers(word).forEach(ProcessHandle::destroyForcibly);
        Patience.until(
                "the killed servers of " + word + " have ended",
                () -> servers(word).isEmpty());
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException | RuntimeException gone) {
            return "";
        }
    }

    /** Every machine is lost, and the operator's own: what is left is the topology file and the repository of the backups. */
    public void lost() throws IOException {
        List<ProcessHandle> all = servers("");
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(p -> p.onExit().completeOnTimeout(p, 20, TimeUnit.SECONDS).join());
        // a database server's children end when they notice
        Patience.until("all processes are gone", () -> servers("").isEmpty());
        for (String part : List.of("d", "home")) {
            delete(folder.resolve(part));
        }
    }

    /** A folder and all that is in it. */
    public static void delete(Path top) throws IOException {
        try (Stream<Path> all = LiveFolder.walk(top)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        Ended destroyed = run("destroy", "--yes");
        List<ProcessHandle> left = servers("");
        left.forEach(ProcessHandle::destroyForcibly);
        left.forEach(p -> p.onExit().completeOnTimeout(p, 5, TimeUnit.SECONDS).join());
        boolean clean = left.isEmpty() && !Files.exists(folder.resolve("d"));
        try (Stream<Path> all = LiveFolder.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
        if (destroyed.exit() != 0 || !clean) {
            throw new AssertionError("destroy left " + left.size() + " processes or its directory: " + destroyed);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static Path repository() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("examples")) || !Files.isDirectory(at.resolve("scripts"))) {
            at = at.getParent();
        }
        return at;
    }

    /** Where mongod and mongos are, as scripts/setup says; empty when they are on PATH. */
    public static String servers() {
        String known = System.getenv("HOLDFAST_SERVERS");
        if (known != null && !known.isEmpty()) {
            return known;
        }
        try {
            Process setup = new ProcessBuilder(
                            REPOSITORY.resolve("scripts/setup").toString(), "--print-env")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(setup.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.replaceFirst("(?s).*HOLDFAST_SERVERS=['\"]?([^'\"\\s]*).*", "$1")
                    .strip();
        } catch (IOException noSetup) {
            throw new UncheckedIOException(noSetup);
        }
    }

    /** Starts a command and kills it when it has begun a step of that title. */
    public void killedIn(String title, String... line) throws Exception {
        killed("STEP_STARTED", title, line);
    }

    /** The same, once a step is done. */
    public void killedAfter(String title, String... line) throws Exception {
        killed("STEP_DONE", title, line);
    }

    private void killed(String kind, String title, String... line) throws Exception {
        Instant began = Instant.now();
        Process cli = start(line);
        boolean isBegun = false;
        while (cli.isAlive()) {
            isBegun = isNoted(kind, title, began);
            if (isBegun) {
                cli.destroyForcibly().waitFor();
            }
            cli.waitFor(10, TimeUnit.MILLISECONDS);
        }
        if (!isBegun) {
            throw new AssertionError("it ended before " + kind + " " + title + "; now: " + run("plan"));
        }
        List<Path> locks;
        try (Stream<Path> files = LiveFolder.walk(folder.resolve("d"), 2)) {
            locks = files.filter(f -> f.endsWith(".lock")).toList();
        }
        assertThat(locks).isNotEmpty();
        for (Path lock : locks) {
            Patience.until(
                    "the lock goes with its process",
                    () -> new ProcessBuilder("flock", "-n", lock.toString(), "true")
                                    .start()
                                    .waitFor()
                            == 0);
        }
    }

    /** Whether the newest run is a later one and has noted that of a step of that title. */
    private boolean isNoted(String kind, String title, Instant since) throws IOException {
        return ledger().stream()
                .filter(e -> e.path("kind").asText().equals(kind))
                .filter(e -> Instant.parse(e.path("at").asText()).isAfter(since))
                .anyMatch(e -> e.path("step").asText().contains(title));
    }
}
