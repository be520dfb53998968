package dev.holdfast.config;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.SecretRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an engine makes its cluster from.
 *
 * @param name the cluster's name
 * @param keys what stands under that name in the file
 * @param hosts the hosts of the estate, by name
 * @param sources where secrets come from; references found while reading are added
 * @param backups the folder for backups when none is named
 */
public record ClusterConfig(
        String name,
        RecoveryObjectives objectives,
        ConfigCursor keys,
        Map<String, Host> hosts,
        NodeAllocator seats,
        Map<String, SecretRef.Source> sources,
        String backups) {

    /** The host that a list's item names, bare or under the key {@code host}; absent when there is none of that name. */
    public Optional<Host> host(ConfigCursor item) {
        ConfigCursor named = item.isMap() ? item.at("host") : item;
        return Optional.ofNullable(hosts.get(named.text("")));
    }

    /** Gives a node its name, port and folder; {@code port} and {@code directory} in keys come first. */
    public Node seat(String group, Node.Kind kind, Host host, ConfigCursor keys, int usualPort) {
        return seats.seat(name, group, kind, host, keys, usualPort);
    }

    /** A further port of a node. */
    public int port(Node node, ConfigCursor given, int usual) {
        return seats.port(node.host(), given, usual, "the " + given.name() + " of " + node.id());
    }

    /** The secret that a value refers to; without a value, one of the cluster's own that is made on first use. */
    public SecretRef secret(ConfigCursor reference, String own) {
        String text = reference.text("");
        if (text.startsWith("secret:")) {
            return new SecretRef(text.substring("secret:".length()));
        }
        SecretRef secret = new SecretRef(name + "/" + own);
        if (!text.isEmpty()) {
            SecretsReader.source(text).ifPresent(s -> sources.put(secret.name(), s));
        }
        return secret;
    }

    /** What stands under some keys, as plain maps, for capabilities that read it themselves. */
    public Map<String, Object> extras(String... desired) {
        Map<String, Object> extras = new LinkedHashMap<>();
        for (String key : desired) {
            if (keys.at(key).isPresent()) {
                extras.put(key, keys.at(key).plain());
            }
        }
        return extras;
    }

    /** The same extras; backups that are declared without a repository have got the usual one. */
    public Map<String, Object> withRepository(Map<String, Object> extras) {
        extras.computeIfPresent("backup", (key, declared) -> {
            if (!(declared instanceof Map<?, ?> written) || written.get("repository") != null) {
                return declared;
            }
            Map<Object, Object> placed = new LinkedHashMap<>(written);
            placed.put("repository", backups);
            return placed;
        });
        return extras;
    }
}
