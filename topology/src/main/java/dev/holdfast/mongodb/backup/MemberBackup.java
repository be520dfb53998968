package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A copy of one member's data, as its manifest tells.
 *
 * @param label which run made it; the copies of all sets made by one run share it
 * @param top the last operation in it
 * @param shards the cluster's shards when it was made
 * @param collections of a sharded cluster, by name, with what changes when one is moved or sharded anew
 * @param archive the file that holds the data, in the copy's folder
 * @param bytes of that file, as the manifest says
 * @param found bytes of that file as it is there; -1 when it is missing
 * @param size what it takes unpacked, in KiB
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

    /** Its manifest is there, with the data in the length that it tells. */
    boolean isWhole() {
        return found == bytes && top.isKnown() && !sha256.isEmpty();
    }
}
