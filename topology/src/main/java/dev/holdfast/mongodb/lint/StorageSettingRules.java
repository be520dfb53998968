package dev.holdfast.mongodb.lint;

import static dev.holdfast.mongodb.lint.SettingValues.noneOf;
import static dev.holdfast.mongodb.lint.SettingValues.outside;
import static dev.holdfast.mongodb.lint.SettingValues.rule;

import dev.holdfast.lint.LintRule;
import java.util.List;

/** The rules about the settings of the storage engine. */
final class StorageSettingRules {

    private static final String ENGINE = "storage.wiredTiger.engineConfig.";
    private static final String BLOCK_COMPRESSOR = "storage.wiredTiger.collectionConfig.blockCompressor";
    private static final String REFUSED = "mongod does not start with it";

    private StorageSettingRules() {}

    static List<LintRule> all() {
        return List.of(
                rule(
                        "mongodb-in-memory",
                        "storage.engine",
                        "inMemory"::equals,
                        "a restart loses all data of the member",
                        "leave it out: wiredTiger is the default"),
                rule(
                        "mongodb-unknown-engine",
                        "storage.engine",
                        noneOf("wiredTiger", "inMemory"),
                        REFUSED,
                        "leave it out: wiredTiger is the default"),
                rule(
                        "mongodb-journal-interval",
                        "storage.journal.commitIntervalMs",
                        outside(1, 500),
                        "mongod accepts 1 to 500, and does not start with another value",
                        "leave it out: the default is 100"),
                rule(
                        "mongodb-checkpoint-interval",
                        "storage.syncPeriodSecs",
                        outside(60, 60),
                        "without regular checkpoints, the journal and the time of a recovery grow",
                        "leave it out: the default is 60"),
                rule(
                        "mongodb-cache-size",
                        ENGINE + "cacheSizeGB",
                        outside(0.25, 10_000),
                        "mongod accepts 0.25 to 10000, and does not start with another value",
                        "write 0.25 or more, or leave it out"),
                rule(
                        "mongodb-cache-share",
                        ENGINE + "cacheSizePct",
                        outside(0, 0.8),
                        "mongod accepts a fraction up to 0.8, and does not start with another value",
                        "write 0.5 for half of the memory, or leave it out"),
                rule(
                        "mongodb-block-compressor",
                        BLOCK_COMPRESSOR,
                        noneOf("none", "snappy", "zlib", "zstd"),
                        "mongod knows none, snappy, zlib and zstd, and does not start with another value",
                        "write zstd, or leave it out: the default is snappy"),
                rule(
                        "mongodb-data-not-compressed",
                        BLOCK_COMPRESSOR,
                        "none"::equals,
                        "new collections, initial syncs and base backups need several times the space",
                        "leave it out: the default is snappy"),
                rule(
                        "mongodb-journal-compressor",
                        ENGINE + "journalCompressor",
                        noneOf("none", "snappy", "zlib", "zstd"),
                        "mongod knows none, snappy, zlib and zstd, and does not start with another value",
                        "leave it out: the default is snappy"),
                rule(
                        "mongodb-compression-level",
                        ENGINE + "zstdCompressionLevel",
                        SettingValues.above(22),
                        "mongod accepts levels up to 22, and does not start with another value",
                        "leave it out: the default is 6"));
    }
}
