package dev.holdfast.config;

import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.model.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The rules for node directories: no two nodes share one, and socket paths inside are short enough. */
final class DirectoryRules {

    /** The greatest length of a Unix socket's path in bytes. */
    private static final int LONGEST_SOCKET = 107;

    /** The same for HAProxy, which first creates the socket under a longer name. */
    private static final int LONGEST_OF_PROXY = 97;

    private DirectoryRules() {}

    static void check(List<NodeAllocator.Allocation> allocations, List<Problem> problems) {
        List<NodeAllocator.Allocation> sorted = new ArrayList<>(allocations);
        sorted.sort(Comparator.comparing((NodeAllocator.Allocation s) ->
                machine(s.node().host()) + s.node().directory() + "/"));
        for (int i = 0; i < sorted.size(); i++) {
            checkSocket(sorted.get(i), problems);
            for (int j = i + 1; j < sorted.size() && holds(sorted.get(i), sorted.get(j)); j++) {
                reportOverlap(sorted.get(i), sorted.get(j), problems);
            }
        }
    }

    private static boolean holds(NodeAllocator.Allocation outer, NodeAllocator.Allocation inner) {
        return machine(outer.node().host()).equals(machine(inner.node().host()))
                && (inner.node().directory() + "/").startsWith(outer.node().directory() + "/");
    }

    private static void reportOverlap(
            NodeAllocator.Allocation outer, NodeAllocator.Allocation inner, List<Problem> problems) {
        boolean same = outer.node().directory().equals(inner.node().directory());
        problems.add(Problem.error(
                inner.place(),
                "the directory of " + inner.node().id() + (same ? " is also that of " : " is inside that of ")
                        + outer.node().id() + " on the same host",
                "the other is declared at " + outer.place() + "; declare a separate directory for each, or omit both"));
    }

    private static void checkSocket(NodeAllocator.Allocation allocation, List<Problem> problems) {
        Node node = allocation.node();
        if (node.kind() == Node.Kind.PGBACKREST) {
            return;
        }
        String socket = switch (node.kind()) {
            case POSTGRES, PGBOUNCER -> ".s.PGSQL." + node.port();
            case MONGOD, MONGOS -> "mongodb-" + node.port() + ".sock";
            default -> "haproxy.sock";
        };
        int longest = node.kind() == Node.Kind.HAPROXY ? LONGEST_OF_PROXY : LONGEST_SOCKET;
        int length = node.run().length() + 1 + socket.length();
        if (length > longest) {
            problems.add(Problem.error(
                    allocation.place(),
                    "the Unix socket of " + node.id() + ", <directory>/run/" + socket + ", has a path of " + length
                            + " bytes; " + longest + " are allowed",
                    "declare a shorter directory for the estate, the host or the member"));
        }
    }

    /** Returns the key of a host's machine; hosts on one machine share a file system. */
    private static String machine(Host host) {
        return host.reach() instanceof HostAccess.Ssh ssh ? ssh.machine(host.address()) + " " : "";
    }
}
