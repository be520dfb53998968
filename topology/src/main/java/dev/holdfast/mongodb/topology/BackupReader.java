package dev.holdfast.mongodb.topology;

import dev.holdfast.config.ClusterConfig;
import dev.holdfast.config.ConfigCursor;
import dev.holdfast.config.Schedule;
import dev.holdfast.model.BackupPolicy;
import dev.holdfast.mongodb.topology.MongoCluster.Backups;
import java.time.Duration;
import java.util.Optional;

/** The reader of the key {@code backup} of a MongoDB cluster. */
final class BackupReader {

    private static final Duration SLICE = Duration.ofSeconds(60);

    private final ClusterConfig clusterConfig;
    private final ConfigCursor backup;

    BackupReader(ClusterConfig clusterConfig) {
        this.clusterConfig = clusterConfig;
        this.backup = clusterConfig.keys().at("backup");
    }

    Optional<Backups> backups() {
        if (!backup.isMap()) {
            return Optional.empty();
        }
        Duration every = Schedule.interval(backup.at("oplogEvery")).orElse(SLICE);
        return Optional.of(new Backups(
                clusterConfig.repository(backup.at("repository")),
                Schedule.interval(backup.at("base")),
                every.compareTo(SLICE) < 0 ? every : SLICE,
                Schedule.interval(backup.at("keep"))));
    }

    Optional<BackupPolicy> policy() {
        if (!backup.isMap()) {
            return Optional.empty();
        }
        String path = "/clusters/" + clusterConfig.name() + "/backup";
        boolean isArchived = backup.at("oplogEvery").isPresent();
        return Optional.of(new BackupPolicy(
                isArchived ? path + "/oplogEvery" : path,
                Schedule.interval(backup.at(isArchived ? "oplogEvery" : "base")),
                Optional.of(clusterConfig.repository(backup.at("repository"))),
                Schedule.interval(backup.at("base")),
                Schedule.interval(backup.at("keep"))));
    }
}
