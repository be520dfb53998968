package dev.holdfast.config;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.SecretRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of the topology file that declares one cluster, with what the engine needs to read it.
 *
 * @param name the cluster's name
 * @param keys the keys below that name in the file
 * @param hosts the hosts of the estate, by name
 * @param sources the sources of secrets; references found during reading are added
 * @param backups the default directory for backups
 */
public record ClusterConfig(
        String name,
        RecoveryObjectives objectives,
        ConfigCursor keys,
        Map<String, Host> hosts,
        NodeAllocator allocator,
        Map<String, SecretRef.Source> sources,
        String backups) {

    /** Returns the host that a list item names, bare or under the key {@code host}; empty if it is not declared. */
    public Optional<Host> host(ConfigCursor item) {
        ConfigCursor named = item.isMap() ? item.at("host") : item;
        return Optional.ofNullable(hosts.get(named.text("")));
    }

    /** Allocates a node's name, port and directory; {@code port} and {@code directory} in keys have precedence. */
    public Node allocate(String group, Node.Kind kind, Host host, ConfigCursor keys, int usualPort) {
        return allocator.allocate(name, group, kind, host, keys, usualPort);
    }

    /** Allocates a further port of a node. */
    public int port(Node node, ConfigCursor given, int usual) {
        return allocator.port(node.host(), given, usual, "the " + given.name() + " of " + node.id());
    }

    /** Returns the secret that a value refers to; without a value, a secret of the cluster that is generated on first use. */
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

    /** Returns the directory or repository of backups: the declared one, or the default. */
    public String repository(ConfigCursor declared) {
        return declared.isMap() ? declared.at("path").text("") : declared.text(backups);
    }
}
