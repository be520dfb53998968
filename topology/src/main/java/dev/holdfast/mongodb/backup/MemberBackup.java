package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A backup of one member, as its manifest describes it.
 *
 * @param label the label of its run, shared by the backups of all sets
 * @param top the last operation in it
 * @param shards the cluster's shards at that time
 * @param collections the collections of a sharded cluster, by name, with the UUID, which changes with a move or resharding
 * @param archive the name of the data file in the backup's directory
 * @param bytes the declared size of that file
 * @param found the real size of that file; -1 if it is missing
 * @param size the unpacked size in KiB
 */
public record MemberBackup(
        String set,
        String label,
        String member,
        Instant started,
        Instant stopped,
        ClusterTime top,
        String version,
        String compatibility,
        String clusterId,
        List<String> shards,
        Map<String, String> collections,
        String archive,
        String sha256,
        long bytes,
        long found,
        long size) {

    /** @param facts the lines of its manifest, each split at its tabs; @param found empty when the file is missing */
    public static MemberBackup of(String set, String label, List<List<String>> facts, Optional<Long> found) {
        Map<String, String> one = new LinkedHashMap<>();
        Map<String, String> collections = new LinkedHashMap<>();
        List<String> shards = new ArrayList<>();
        for (List<String> fact : facts) {
            switch (fact.get(0)) {
                case "collection" -> collections.put(fact.get(1), fact.size() > 2 ? fact.get(2) : "");
                case "shard" -> shards.add(fact.get(1));
                default -> one.put(fact.get(0), fact.size() > 1 ? fact.get(1) : "");
            }
        }
        return new MemberBackup(
                set,
                label,
                one.getOrDefault("member", ""),
                Instant.ofEpochSecond(number(one, "started")),
                Instant.ofEpochSecond(number(one, "stopped")),
                ClusterTime.of(one.getOrDefault("top", "")),
                one.getOrDefault("version", ""),
                one.getOrDefault("compatibility", ""),
                one.getOrDefault("cluster", ""),
                shards,
                collections,
                one.getOrDefault("archive", ""),
                one.getOrDefault("sha256", ""),
                number(one, "bytes"),
                found.orElse(-1L),
                number(one, "size"));
    }

    private static long number(Map<String, String> facts, String key) {
        String text = facts.getOrDefault(key, "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Returns whether the data file exists with the size that the manifest declares. */
    boolean isWhole() {
        return found == bytes && top.isKnown() && !sha256.isEmpty();
    }
}
