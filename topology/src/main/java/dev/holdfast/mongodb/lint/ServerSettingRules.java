package dev.holdfast.mongodb.lint;

import static dev.holdfast.mongodb.lint.SettingValues.above;
import static dev.holdfast.mongodb.lint.SettingValues.below;
import static dev.holdfast.mongodb.lint.SettingValues.noneOf;
import static dev.holdfast.mongodb.lint.SettingValues.outside;
import static dev.holdfast.mongodb.lint.SettingValues.rule;

import dev.holdfast.lint.LintRule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The rules about the settings of the network, the log and the profiler. */
final class ServerSettingRules {

    private static final Set<String> COMPRESSORS = Set.of("snappy", "zlib", "zstd", "disabled");
    private static final String MODE = "operationProfiling.mode";

    private ServerSettingRules() {}

    static List<LintRule> all() {
        return List.of(
                rule(
                        "mongodb-network-compressor",
                        "net.compression.compressors",
                        v -> !Arrays.stream(v.replaceAll("[\\[\\]\\s]", "").split(","))
                                .allMatch(COMPRESSORS::contains),
                        "mongod knows snappy, zlib, zstd and disabled",
                        "write snappy, zstd or both, or leave it out"),
                rule(
                        "mongodb-few-connections",
                        "net.maxIncomingConnections",
                        below(100),
                        "the members and Holdfast need connections too, and clients then find none",
                        "leave it out, or write what all connection pools can open together, and 100 more"),
                rule(
                        "mongodb-wire-check-off",
                        "net.wireObjectCheck",
                        "false"::equals,
                        "a client can store documents that no server can read",
                        "leave it out: the default is true"),
                rule(
                        "mongodb-profiling-mode",
                        MODE,
                        noneOf("off", "slowOp", "all", "false"),
                        "mongod knows off, slowOp and all, and does not start with another value",
                        "write slowOp, or leave it out"),
                rule(
                        "mongodb-profiling-all",
                        MODE,
                        "all"::equals,
                        "every operation causes a second write, into system.profile",
                        "write slowOp, or leave it out and read the slow operations in the log"),
                rule(
                        "mongodb-slow-operations-all",
                        "operationProfiling.slowOpThresholdMs",
                        below(1),
                        "every operation is written to the log",
                        "leave it out: the default is 100"),
                rule(
                        "mongodb-sample-rate",
                        "operationProfiling.slowOpSampleRate",
                        outside(0, 1),
                        "a rate is a fraction from 0 to 1",
                        "leave it out: the default is 1"),
                rule(
                        "mongodb-log-quiet",
                        "systemLog.quiet",
                        "true"::equals,
                        "the log has no connections and no replication events, which explain a failure",
                        "leave it out"),
                rule(
                        "mongodb-log-verbose",
                        "systemLog.verbosity",
                        above(1),
                        "the log fills the disk, and writing it slows the server",
                        "leave it out, and raise it with a command for the time of an analysis"),
                rule(
                        "mongodb-log-traces",
                        "systemLog.traceAllExceptions",
                        "true"::equals,
                        "the log has a stack trace for each failed operation",
                        "leave it out"));
    }
}
