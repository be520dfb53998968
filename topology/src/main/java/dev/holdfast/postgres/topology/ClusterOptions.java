package dev.holdfast.postgres.topology;

import dev.holdfast.model.BackupPolicy;
import java.util.List;
import java.util.Optional;

/**
 * The declarations for capabilities beyond the servers.
 *
 * @param repository the repository and the schedule of backups; empty when none are declared
 * @param backups the same declaration for the lint rules of all engines
 * @param clients networks from which clients may log in; empty when not given
 * @param dictionaries the files of the data dictionary, relative to the topology file
 * @param automatic how Patroni fails over without a person; empty when a person fails over
 */
public record ClusterOptions(
        Optional<BackupRepository> repository,
        Optional<BackupPolicy> backups,
        Optional<List<String>> clients,
        List<String> dictionaries,
        Optional<AutomaticFailover> automatic) {
    public static final ClusterOptions NONE =
            new ClusterOptions(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
}
