package dev.holdfast.postgres.topology;

import dev.holdfast.config.ClusterConfig;
import dev.holdfast.config.ConfigCursor;
import dev.holdfast.config.Schedule;
import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.SecretRef;
import java.time.Duration;
import java.util.Optional;

/** The reader of the key {@code backup} of a PostgreSQL cluster. */
final class BackupReader {

    private static final Duration USUALLY_EVERY = Duration.ofMinutes(1);

    private final ClusterConfig clusterConfig;
    private final ConfigCursor backup;

    BackupReader(ClusterConfig clusterConfig) {
        this.clusterConfig = clusterConfig;
        this.backup = clusterConfig.keys().at("backup");
    }

    Optional<BackupRepository> repository() {
        if (!backup.isMap()) {
            return Optional.empty();
        }
        return Optional.of(new BackupRepository(
                clusterConfig.repository(backup.at("repository")),
                Schedule.interval(backup.at("full")),
                Schedule.interval(backup.at("differential")),
                Schedule.interval(backup.at("incremental")),
                backup.at("archiveEvery").span().orElse(USUALLY_EVERY),
                backup.at("keep").span(),
                passphrase()));
    }

    private Optional<SecretRef> passphrase() {
        ConfigCursor encryption = backup.at("encryption");
        return encryption.isPresent()
                ? Optional.of(clusterConfig.secret(encryption, BackupRepository.PASSPHRASE))
                : Optional.empty();
    }

    Optional<BackupPolicy> policy() {
        if (!backup.isMap()) {
            return Optional.empty();
        }
        String path = "/clusters/" + clusterConfig.name() + "/backup";
        ConfigCursor often = backup.at(backup.at("incremental").isPresent() ? "incremental" : "full");
        boolean isArchived = backup.at("archive").isPresent();
        boolean isEvery = isArchived && backup.at("archiveEvery").isPresent();
        Optional<Duration> behind = isEvery
                ? Schedule.interval(backup.at("archiveEvery"))
                : isArchived ? Optional.empty() : Schedule.interval(often);
        return Optional.of(new BackupPolicy(
                isEvery ? path + "/archiveEvery" : path,
                behind,
                Optional.of(backup.at("repository")).filter(r -> !r.isMap()).map(clusterConfig::repository),
                Schedule.interval(backup.at("full")),
                Schedule.interval(backup.at("keep"))));
    }
}
