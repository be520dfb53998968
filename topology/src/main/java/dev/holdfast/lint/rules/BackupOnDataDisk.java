package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.util.List;
import java.util.Optional;

/** The rule about backups on the disk of their data, which are lost with it; silent on a laptop with one disk. */
public final class BackupOnDataDisk implements LintRule {

    @Override
    public String id() {
        return "backup-on-data-disk";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        if (topology.environment() == Environment.LAB) {
            return;
        }
        for (Cluster cluster : topology.clusters()) {
            String path = "/clusters/" + cluster.name() + "/backup";
            SourceLocation place = topology.place(path);
            boolean isDeclared = cluster.precaution().isPresent();
            boolean isNamed = !topology.place(path + "/repository").equals(place);
            Optional<String> shared = cluster.precaution().flatMap(BackupPolicy::folder);
            Optional<Host> owner = shared.flatMap(f -> withDataIn(cluster, f));
            if (isDeclared && isNamed && owner.isPresent()) {
                found.add(Problem.warn(
                        topology.place(path + "/repository"),
                        "the backups of " + cluster.name() + " are kept in " + shared.get() + ", next to the data in "
                                + owner.get().directory() + " on " + owner.get().name(),
                        "declare a directory on other storage: repository: /path/on/other/storage"));
            }
            if (isDeclared && !isNamed) {
                found.add(Problem.warn(
                        place,
                        "the backups of " + cluster.name() + " are kept in the default directory, next to the data",
                        "declare a directory on other storage: repository: /path/on/other/storage"));
            }
        }
    }

    /** Returns a host whose data is in that directory, around it, or next to it. */
    private static Optional<Host> withDataIn(Cluster cluster, String folder) {
        return cluster.nodes().stream()
                .map(Node::host)
                .filter(h -> sharesDisk(h.directory(), folder))
                .findFirst();
    }

    private static boolean sharesDisk(String data, String folder) {
        String parent = data.substring(0, Math.max(0, data.lastIndexOf('/')));
        boolean isNextTo = !parent.isEmpty() && folder.equals(parent + "/backup");
        return isNextTo || (folder + "/").startsWith(data + "/") || (data + "/").startsWith(folder + "/");
    }
}
