package dev.holdfast.lint;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Place;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.List;

/** A backup that shares a disk with its data is lost with it. On a laptop, where all is one disk, nothing is said. */
public final class BackupBesideData implements Rule {

    @Override
    public void judge(Topology topology, List<Problem> found) {
        if (topology.environment() == Environment.LAB) {
            return;
        }
        for (Cluster cluster : topology.clusters()) {
            String path = "/clusters/" + cluster.name() + "/backup";
            Place place = topology.place(path);
            boolean isDeclared = cluster.precaution().isPresent();
            boolean isNamed = !topology.place(path + "/repository").equals(place);
            if (isDeclared && !isNamed) {
                found.add(Problem.warn(
                        place,
                        "the backups of " + cluster.name() + " are kept in the usual folder, beside the data",
                        "name a folder on other storage: repository: /path/on/other/storage"));
            }
        }
    }
}
