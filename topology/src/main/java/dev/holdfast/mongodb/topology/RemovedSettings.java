package dev.holdfast.mongodb.topology;

import java.util.LinkedHashMap;
import java.util.Map;

/** The settings that were removed from MongoDB before version 7.0. A server does not start with one of them. */
public final class RemovedSettings {

    /** Each setting, or with a dot at the end all below one, with the servers that do not know it. */
    public static final Map<String, String> ALL = all();

    private RemovedSettings() {}

    private static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        since(all, "6.1", "storage.journal.enabled");
        since(all, "5.0", "net.serviceExecutor");
        since(all, "4.4", "storage.indexBuildRetry", "setParameter.failIndexKeyTooLong");
        since(
                all,
                "4.2",
                "storage.mmapv1.",
                "storage.nsSize",
                "storage.preallocDataFiles",
                "storage.quota.",
                "storage.repairPath",
                "storage.smallFiles",
                "setParameter.newCollectionsUsePowerOf2Sizes");
        since(all, "3.6", "net.http.");
        return Map.copyOf(all);
    }

    private static void since(Map<String, String> all, String version, String... settings) {
        for (String setting : settings) {
            all.put(setting, "MongoDB " + version + " and later");
        }
    }
}
