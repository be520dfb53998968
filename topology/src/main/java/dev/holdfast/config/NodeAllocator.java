package dev.holdfast.config;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.SourceLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The allocation of every node's name, port and directory. Declared ports are allocated first, for the whole estate. A node
 * without a port gets the default port of its kind, or the next free one at its host's address.
 */
public final class NodeAllocator {

    /** The owner of a port, and the location of its declaration. */
    private record PortClaim(String owner, SourceLocation place) {}

    /** A node with the location of its declaration. */
    record Allocation(Node node, SourceLocation place) {}

    private final Map<String, PortClaim> named;
    private final boolean isSurvey;
    private final Set<String> taken = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final List<Allocation> allocations = new ArrayList<>();

    private NodeAllocator(Map<String, PortClaim> named, boolean isSurvey) {
        this.named = named;
        this.isSurvey = isSurvey;
    }

    /** Returns an allocator for the first pass over the file, which only collects the declared ports. */
    static NodeAllocator survey() {
        return new NodeAllocator(new HashMap<>(), true);
    }

    /** Returns an allocator for the second pass. */
    static NodeAllocator after(NodeAllocator survey) {
        return new NodeAllocator(survey.named, false);
    }

    List<Allocation> all() {
        return allocations;
    }

    /**
     * Allocates a node.
     *
     * @param keys the keys, which can contain {@code port} and {@code directory}
     * @param usual the default port
     */
    Node allocate(String cluster, String group, Node.Kind kind, Host host, ConfigCursor keys, int usual) {
        String name = freeName(cluster + "/" + group + "/", host.name());
        int port = port(host, keys.at("port"), usual, cluster + "/" + group + "/" + name);
        String folder = host.directory() + "/" + host.name() + "/" + cluster + "/" + group
                + name.substring(host.name().length());
        Node node = new Node(
                cluster,
                group,
                name,
                kind,
                host,
                port,
                trimmed(keys.at("directory").text(folder)));
        allocations.add(new Allocation(node, keys.at("directory").place()));
        return node;
    }

    int port(Host host, ConfigCursor given, int usual, String owner) {
        if (given.whole().isPresent()) {
            return claim(host, given, given.whole().get(), owner);
        }
        int port = usual;
        while (port < 65_535 && (named.containsKey(key(host, port)) || !taken.add(key(host, port)))) {
            port++;
        }
        return port;
    }

    private int claim(Host host, ConfigCursor given, int port, String owner) {
        String key = key(host, port);
        if (isSurvey) {
            named.putIfAbsent(key, new PortClaim(owner, given.place()));
            return port;
        }
        PortClaim first = named.get(key);
        if (first != null && !first.place().equals(given.place())) {
            given.wrong(
                    "port " + given.written() + ", for " + owner + ", is used by " + first.owner()
                            + " at the same address",
                    "the first declaration is at " + first.place() + "; choose another port, or omit both");
        }
        return port;
    }

    private String freeName(String prefix, String host) {
        String name = host;
        for (int n = 2; !names.add(prefix + name); n++) {
            name = host + "-" + n;
        }
        return name;
    }

    private static String trimmed(String folder) {
        return folder.length() > 1 && folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    }

    private static String key(Host host, int port) {
        String address = host.address().toLowerCase(java.util.Locale.ROOT);
        return (address.equals("localhost") ? "127.0.0.1" : address) + ":" + port;
    }
}
