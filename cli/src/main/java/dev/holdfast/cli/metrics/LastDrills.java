package dev.holdfast.cli.metrics;

import dev.holdfast.cli.run.DrillHistory;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last run of each drill and target on this machine that has ended. A run is read again only when its files have changed.
 */
final class LastDrills {

    private record Read(long modified, Optional<DrillHistory.Run> run) {}

    private final Path runs;
    private final Map<Path, Read> read = new HashMap<>();

    /** @param state the state directory of the estate */
    LastDrills(Path state) {
        this.runs = DrillHistory.folder(state);
    }

    /** Returns the last runs, by drill and target. */
    List<DrillHistory.Run> look() {
        Map<List<String>, DrillHistory.Run> last = new LinkedHashMap<>();
        try {
            for (Path folder : DrillHistory.folders(runs)) {
                long modified = modified(folder);
                Read known = read.get(folder);
                if (known == null || known.modified() != modified) {
                    known = new Read(modified, read(folder));
                    read.put(folder, known);
                }
                known.run()
                        .filter(DrillHistory.Run::hasEnded)
                        .ifPresent(r -> last.put(List.of(r.drill(), r.target()), r));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable.getMessage(), unreadable);
        }
        return List.copyOf(last.values());
    }

    /** A run that cannot be read is unknown, and no reason to lose the observation. */
    private static Optional<DrillHistory.Run> read(Path folder) throws IOException {
        try {
            return DrillHistory.read(folder);
        } catch (HoldfastException unreadable) {
            return Optional.empty();
        }
    }

    private static long modified(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            long newest = 0;
            for (Path file : files.toList()) {
                newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
            }
            return newest;
        }
    }
}
