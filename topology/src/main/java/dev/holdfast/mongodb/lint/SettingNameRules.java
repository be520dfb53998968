package dev.holdfast.mongodb.lint;

import dev.holdfast.config.Suggestion;
import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The rules about the names of settings. A mongod does not start with a name that it does not know. */
final class SettingNameRules {

    /** The names that mongod 8.2 (Community) knows, without those that Holdfast manages; one with a dot at the end has parts. */
    private static final Set<String> KNOWN = new TreeSet<>(Set.of(
            "net.compression.compressors",
            "net.ipv6",
            "net.listenBacklog",
            "net.maxIncomingConnections",
            "net.maxIncomingConnectionsOverride",
            "net.proxyPort",
            "net.routerPort",
            "net.wireObjectCheck",
            "operationProfiling.filter",
            "operationProfiling.mode",
            "operationProfiling.slowOpSampleRate",
            "operationProfiling.slowOpThresholdMs",
            "security.clusterIpSourceAllowlist",
            "security.javascriptEnabled",
            "security.sasl.hostName",
            "security.sasl.saslauthdSocketPath",
            "security.sasl.serviceName",
            "storage.directoryPerDB",
            "storage.engine",
            "storage.groupCollections",
            "storage.journal.commitIntervalMs",
            "storage.oplogMinRetentionHours",
            "storage.queryableBackupMode",
            "storage.syncPeriodSecs",
            "storage.wiredTiger.collectionConfig.blockCompressor",
            "storage.wiredTiger.collectionConfig.configString",
            "storage.wiredTiger.engineConfig.cacheSizeGB",
            "storage.wiredTiger.engineConfig.cacheSizePct",
            "storage.wiredTiger.engineConfig.configString",
            "storage.wiredTiger.engineConfig.directoryForIndexes",
            "storage.wiredTiger.engineConfig.journalCompressor",
            "storage.wiredTiger.engineConfig.liveRestoreReadSizeMB",
            "storage.wiredTiger.engineConfig.liveRestoreSource",
            "storage.wiredTiger.engineConfig.liveRestoreThreads",
            "storage.wiredTiger.engineConfig.maxCacheOverflowFileSizeGB",
            "storage.wiredTiger.engineConfig.statisticsLogDelaySecs",
            "storage.wiredTiger.engineConfig.zstdCompressionLevel",
            "storage.wiredTiger.indexConfig.configString",
            "storage.wiredTiger.indexConfig.prefixCompression",
            "systemLog.component.",
            "systemLog.logAppend",
            "systemLog.logRotate",
            "systemLog.quiet",
            "systemLog.syslogFacility",
            "systemLog.timeStampFormat",
            "systemLog.traceAllExceptions",
            "systemLog.verbosity"));

    /** Names of earlier versions that the reader of the file does not refuse, and with which mongod 8.2 does not start. */
    private static final Set<String> REMOVED = Set.of("net.transportLayer");

    /** Names that only MongoDB Enterprise knows. */
    private static final Set<String> ENTERPRISE = Set.of(
            "auditLog.",
            "security.enableEncryption",
            "security.encryptionCipherMode",
            "security.encryptionKeyFile",
            "security.kmip.",
            "security.ldap.",
            "security.redactClientLogData",
            "snmp.",
            "storage.inMemory.");

    private static final Set<String> REMOVED_PARAMETERS =
            Set.of("enableMajorityReadConcern", "recordPreImages", "replIndexPrefetch", "textSearchEnabled");

    private SettingNameRules() {}

    static List<LintRule> all() {
        return List.of(
                MongoClusterRule.of("mongodb-unknown-setting", SettingNameRules::unknown),
                MongoClusterRule.of("mongodb-removed-setting", SettingNameRules::removed),
                MongoClusterRule.of("mongodb-enterprise-setting", SettingNameRules::enterprise),
                MongoClusterRule.of("mongodb-removed-parameter", SettingNameRules::parameters));
    }

    private static boolean isIn(Set<String> names, String key) {
        return names.stream().anyMatch(n -> n.endsWith(".") ? key.startsWith(n) : key.equals(n));
    }

    private static void unknown(MongoCluster cluster, Findings findings) {
        for (String key : cluster.settings().keySet()) {
            if (!key.startsWith(ParameterRules.PREFIX)
                    && !isIn(KNOWN, key)
                    && !isIn(REMOVED, key)
                    && !isIn(ENTERPRISE, key)) {
                findings.warnOfSetting(
                        key,
                        "mongod has no setting " + key + ", and does not start with it",
                        Suggestion.to(key, KNOWN)
                                .map(near -> "did you mean \"" + near + "\"?")
                                .orElse("leave it out, or write it below setParameter if it is a parameter"));
            }
        }
    }

    private static void removed(MongoCluster cluster, Findings findings) {
        cluster.settings().keySet().stream()
                .filter(k -> isIn(REMOVED, k))
                .forEach(k -> findings.warnOfSetting(
                        k,
                        "mongod 8.2 does not know the former setting " + k + ", and does not start with it",
                        "leave it out"));
    }

    private static void enterprise(MongoCluster cluster, Findings findings) {
        cluster.settings().keySet().stream()
                .filter(k -> isIn(ENTERPRISE, k))
                .forEach(k -> findings.warnOfSetting(
                        k,
                        "only MongoDB Enterprise has the setting " + k + ": a Community server does not start with it",
                        "leave it out, or name the Enterprise programs with binaries"));
    }

    private static void parameters(MongoCluster cluster, Findings findings) {
        cluster.settings().keySet().stream()
                .filter(k -> k.startsWith(ParameterRules.PREFIX))
                .map(k -> k.substring(ParameterRules.PREFIX.length()))
                .filter(REMOVED_PARAMETERS::contains)
                .forEach(p -> findings.warnOfSetting(
                        ParameterRules.PREFIX + p,
                        "mongod 8.2 does not know the former parameter " + p + ", and does not start with it",
                        "leave it out"));
    }
}
