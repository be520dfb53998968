package dev.holdfast.config;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.SecretRef;
import java.util.List;
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

    /** The words under a key: one, or a list of them. */
    public List<String> words(String key) {
        ConfigCursor words = keys.at(key);
        if (words.isList()) {
            return words.items().stream().map(w -> w.text("")).toList();
        }
        return words.isPresent() ? List.of(words.text("")) : List.of();
    }

    /** The folder or place of backups: the declared one, or the usual folder. */
    public String repository(ConfigCursor declared) {
        return declared.isMap() ? declared.at("path").text("") : declared.text(backups);
    }
}
