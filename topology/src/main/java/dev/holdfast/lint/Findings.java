package dev.holdfast.lint;

import dev.holdfast.model.Environment;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.util.List;

/**
 * What a rule finds in one cluster.
 *
 * @param cluster the name of the cluster
 * @param found the list that findings are added to
 */
public record Findings(Topology topology, String cluster, List<Problem> found) {

    /** Reports advice at a path below the cluster, such as {@code /backup/keep}. */
    public void warn(String path, String what, String hint) {
        found.add(Problem.warn(topology.place(below(path)), what, hint));
    }

    /** Reports advice at a declared setting of the servers. */
    public void warnOfSetting(String name, String what, String hint) {
        found.add(Problem.warn(placeOf(name), what, hint));
    }

    /** Returns whether the file declares that path below the cluster. */
    public boolean declares(String path) {
        return topology.places().containsKey(below(path));
    }

    public boolean isProduction() {
        return topology.environment() == Environment.PRODUCTION;
    }

    private String below(String path) {
        return "/clusters/" + cluster + path;
    }

    /** Returns the location of a setting, whose name may be written in nested keys, each with dots. */
    private SourceLocation placeOf(String name) {
        String at = below("/settings");
        String rest = name;
        while (!rest.isEmpty()) {
            int end = rest.length();
            while (end > 0 && !topology.places().containsKey(at + "/" + rest.substring(0, end))) {
                end = rest.lastIndexOf('.', end - 1);
            }
            if (end <= 0) {
                break;
            }
            at = at + "/" + rest.substring(0, end);
            rest = end == rest.length() ? "" : rest.substring(end + 1);
        }
        return topology.place(at);
    }
}
