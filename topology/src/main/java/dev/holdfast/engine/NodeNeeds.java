package dev.holdfast.engine;

import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Node;
import java.util.List;
import java.util.Set;

/**
 * What a node needs of its host and of the network, before its server exists.
 *
 * @param pidFile the file to which its server writes its process id
 * @param account the operating system user of its server where Holdfast logs in as root; empty when that is root, or a user that
 *     is optional
 * @param ports the ports that it listens on, its own first
 * @param fileSystems the types of file system that suit its data, as in {@code /proc/mounts}; empty for a node without data
 */
public record NodeNeeds(
        Node node,
        String pidFile,
        String account,
        List<Program> programs,
        List<Port> ports,
        List<Setting> settings,
        List<String> fileSystems) {

    /**
     * A program.
     *
     * @param names one of these must be found; a name with a slash is a path
     * @param install how to install it, as a command or a sentence
     * @param series the supported versions, such as 8 or 8.0; empty when every version is
     * @param isCommon whether all hosts of the cluster need a common first number of the version
     * @param declared the version that the topology demands of it
     */
    public record Program(
            List<String> names, String install, List<String> series, boolean isCommon, DeclaredVersion declared) {

        public Program(List<String> names, String install, List<String> series, boolean isCommon) {
            this(names, install, series, isCommon, DeclaredVersion.NONE);
        }

        /** Returns a program of which every version suits. */
        public static Program any(String name, String install) {
            return new Program(List.of(name), install, List.of(), false);
        }

        public boolean hasVersion() {
            return !series.isEmpty();
        }

        public boolean supports(String version) {
            return series.isEmpty() || series.stream().anyMatch(s -> version.equals(s) || version.startsWith(s + "."));
        }
    }

    /**
     * A port.
     *
     * @param purpose what listens, in sentences
     * @param from the kinds of nodes of the same cluster that connect to it; empty when only clients do
     */
    public record Port(int number, String purpose, Set<Node.Kind> from) {}

    /** The kind of a setting. */
    public enum Area {
        CPU,
        LIMIT,
        KERNEL,
        /** What the first process of the host does. */
        INIT
    }

    /** How the value of a setting is compared. */
    public enum Comparison {
        AT_LEAST,
        AT_MOST,
        ONE_OF,
        NONE_OF
    }

    /**
     * A property of the host that its server needs, or that its vendor recommends.
     *
     * @param name as {@code host/preflight.sh} reports it
     * @param title its name in sentences
     * @param values one number, or the words of the comparison
     * @param unless another setting with the value that makes this one irrelevant, as in {@code swap=no}; empty when none does
     * @param series the versions of the node's first program to which it applies; empty for all
     * @param isRequired whether the server cannot run without it; otherwise it is advice
     */
    public record Setting(
            Area area,
            String name,
            String title,
            Comparison comparison,
            List<String> values,
            String unless,
            List<String> series,
            boolean isRequired,
            String hint) {}
}
