package dev.holdfast.cli.files;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Ledger.Entry;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The directory of a run, read and checked for changes after the run.
 *
 * @param broken the inconsistencies of the directory: lines that break the chain, files that were changed
 * @param link the last line's link, which identifies the whole ledger
 */
public record RunDirectory(Path folder, Evidence evidence, List<String> broken, String link) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param ledger the ledger's file, or its directory */
    public static RunDirectory read(Path ledger) {
        Path file = Files.isDirectory(ledger) ? ledger.resolve("ledger.jsonl") : ledger;
        if (!Files.exists(file)) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    file.toString(),
                    "there is no such file",
                    "give the ledger.jsonl that a run prints at its end, or its directory");
        }
        try {
            Path folder = file.toAbsolutePath().getParent();
            HashChain chain = new HashChain();
            List<String> broken = new ArrayList<>();
            List<Entry> entries = new ArrayList<>();
            try (Stream<String> lines = Files.lines(file)) {
                lines.forEach(line -> {
                    if (!chain.follows(line) && broken.isEmpty()) {
                        broken.add(
                                "line " + (entries.size() + 1) + " of the ledger does not follow the lines before it");
                    }
                    entries.add(entry(line, entries.size() + 1));
                });
            }
            if (entries.isEmpty() || entries.get(entries.size() - 1).kind() != Kind.RUN_ENDED) {
                broken.add("the ledger has no end: the run was interrupted, or it is still running");
            }
            sealed(entries, folder, broken);
            Path writes = folder.resolve("writes.bin");
            WriteHistory record = Files.exists(writes) ? WriteHistoryFile.read(writes) : new WriteHistory();
            return new RunDirectory(
                    folder,
                    new Evidence(entries, record, ReadBackFile.readAll(folder), ReadBackFile.readAside(folder)),
                    broken,
                    chain.last());
        } catch (IOException | RuntimeException unreadable) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    file.toString(),
                    "this is not the ledger of a run: " + unreadable.getMessage(),
                    "give the ledger.jsonl that a run prints at its end, or its directory",
                    unreadable);
        }
    }

    private static Entry entry(String line, int number) {
        try {
            Map<String, Object> all = JSON.readValue(line, new TypeReference<LinkedHashMap<String, Object>>() {});
            Instant at = Instant.parse((String) all.remove("at"));
            Kind kind = Kind.valueOf((String) all.remove("kind"));
            all.remove("n");
            all.remove("link");
            return new Entry(number, at, kind, all);
        } catch (IOException notJson) {
            throw new IllegalArgumentException("line " + number + " is not JSON", notJson);
        }
    }

    private static void sealed(List<Entry> entries, Path folder, List<String> broken) throws IOException {
        for (Entry entry : entries) {
            if (entry.kind() == Kind.RUN_ENDED && entry.facts().get("sealed") instanceof Map<?, ?> seals) {
                for (Map.Entry<?, ?> seal : seals.entrySet()) {
                    Path file = folder.resolve(seal.getKey().toString());
                    if (!Files.exists(file) || !hash(file).equals(seal.getValue())) {
                        broken.add(seal.getKey() + " was changed after the run");
                    }
                }
            }
        }
    }

    /** Returns what the end of a run records of the files next to its ledger, by name. */
    public static Map<String, Object> seals(Path folder) throws IOException {
        Map<String, Object> seals = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".bin")).sorted().toList()) {
                seals.put(file.getFileName().toString(), hash(file));
            }
        }
        return seals;
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = HashChain.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
