package dev.holdfast.cli.files;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Reads the topology file while the command line is still parsed; both take about the same time. It guesses the file's
 * name, and its result is used only if the guess was right. Its findings are reported in no other way.
 */
public final class TopologyPrefetch {

    private final Map<String, String> environment;
    private final Optional<Path> file;
    private final FutureTask<TopologyFile.Loaded> reading;

    private TopologyPrefetch(Map<String, String> environment, Optional<Path> file) {
        this.environment = environment;
        this.file = file;
        this.reading = new FutureTask<>(() -> TopologyFile.load(file.orElseThrow(), Map.of(), environment));
    }

    /** Reads only on request. */
    public static TopologyPrefetch none(Map<String, String> environment) {
        return new TopologyPrefetch(environment, Optional.empty());
    }

    /** Starts reading, unless the file's name is unknown. A pipe can be read only once and is left alone. */
    public static TopologyPrefetch begin(List<String> args, Map<String, String> environment) {
        TopologyPrefetch ahead =
                new TopologyPrefetch(environment, named(args, environment).filter(Files::isRegularFile));
        if (ahead.file.isPresent()) {
            Thread thread = new Thread(ahead.reading, "read ahead");
            thread.setDaemon(true);
            thread.start();
        }
        return ahead;
    }

    /** Returns the same as {@link TopologyFile#load}. */
    public TopologyFile.Loaded load(Path desired, Map<String, String> vars) {
        if (file.isPresent() && desired.equals(file.get()) && vars.isEmpty()) {
            try {
                return reading.get();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException failed) {
                // the regular read fails again, where the error can be reported
            }
        }
        return TopologyFile.load(desired, vars, environment);
    }

    /** Returns the file that a command line seems to name. */
    static Optional<Path> named(List<String> args, Map<String, String> environment) {
        String name = environment.getOrDefault("HOLDFAST_FILE", "");
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.startsWith("--var")) {
                return Optional.empty();
            } else if (arg.startsWith("--file=")) {
                name = arg.substring("--file=".length());
            } else if ((arg.equals("-f") || arg.equals("--file")) && i + 1 < args.size()) {
                name = args.get(i + 1);
            }
        }
        if (TextFile.STANDARD_INPUT.equals(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(name.isEmpty() ? "topology.yaml" : name));
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }
}
