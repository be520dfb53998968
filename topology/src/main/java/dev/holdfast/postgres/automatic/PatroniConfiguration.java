package dev.holdfast.postgres.automatic;

import dev.holdfast.model.Environment;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.configuration.HbaRules;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.AutomaticFailover;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.value.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The configuration of Patroni: the file of each member, and the dynamic settings, which Patroni keeps in etcd.
 *
 * <p>A server parameter is in the member's file when its value differs between members, and dynamic otherwise. Patroni itself
 * sets the parameters of addresses, names and replication.
 */
final class PatroniConfiguration {

    /** The prefix of the keys of server parameters among the dynamic settings. */
    static final String PARAMETERS = "postgresql.parameters.";

    /** The user of the REST API for requests that change something. */
    static final String REST_USER = "holdfast";

    private static final long BYTES_PER_MEGABYTE = 1024L * 1024;

    /** Parameters whose values contain the directory of the member. */
    private static final Set<String> OF_ONE_MEMBER =
            Set.of("unix_socket_directories", "log_directory", "archive_command");

    /** Parameters that PostgreSQL reads during recovery only; Patroni takes them from a place of their own. */
    private static final Set<String> OF_RECOVERY =
            Set.of("restore_command", "archive_cleanup_command", "recovery_end_command", "recovery_min_apply_delay");

    /** Parameters that Patroni sets by itself. */
    private static final Set<String> OF_PATRONI =
            Set.of("listen_addresses", "port", "cluster_name", "hba_file", "ident_file", "recovery_target_timeline");

    private final Topology topology;
    private final PostgresCluster cluster;
    private final AutomaticFailover automatic;

    PatroniConfiguration(Topology topology, PostgresCluster cluster) {
        this.topology = topology;
        this.cluster = cluster;
        this.automatic = cluster.automatic().orElseThrow();
    }

    /** Returns the prefix of all keys of the cluster in etcd. */
    String prefix() {
        return namespace() + cluster.name() + "/";
    }

    private String namespace() {
        return "/holdfast/" + topology.name() + "/";
    }

    /** Returns the lines of the file of a member, without the passwords: YAML in the form of JSON. */
    List<String> lines(MemberState member, int major) {
        Node node = member.node();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("scope", cluster.name());
        all.put("namespace", namespace());
        all.put("name", node.name());
        String rest = automatic.rest(node);
        all.put("restapi", ordered("listen", rest, "connect_address", rest));
        all.put("etcd3", ordered("hosts", automatic.endpoints()));
        all.put("postgresql", server(member, major));
        all.put("tags", tags(member.member().role()));
        all.put("watchdog", ordered("mode", automatic.watchdog().name().toLowerCase(Locale.ROOT)));
        List<String> lines = new ArrayList<>();
        List<String> keys = List.copyOf(all.keySet());
        for (String key : keys) {
            boolean isFirst = lines.isEmpty();
            boolean isLast = key.equals(keys.get(keys.size() - 1));
            lines.add(
                    (isFirst ? "{" : " ") + JsonText.of(key) + ": " + JsonText.of(all.get(key)) + (isLast ? "}" : ","));
        }
        return lines;
    }

    private Map<String, Object> server(MemberState member, int major) {
        Node node = member.node();
        Map<String, String> settings = ServerConfiguration.of(cluster, member.member());
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("listen", node.endpoint());
        server.put("connect_address", node.endpoint());
        server.put("data_dir", node.data());
        server.put("bin_dir", member.host().programs().getOrDefault(major, ""));
        server.put("pgpass", node.run() + "/pgpass");
        server.put("use_unix_socket", !settings.get("unix_socket_directories").isEmpty());
        server.put("parameters", only(settings, OF_ONE_MEMBER::contains));
        server.put("recovery_conf", only(settings, OF_RECOVERY::contains));
        server.put("pg_hba", HbaRules.rules(topology, cluster));
        server.put("pg_ident", HbaRules.identities(member.host().user()));
        List<Object> copy = new ArrayList<>(List.of(ordered("checkpoint", "fast")));
        if (isLab()) {
            copy.add("no-sync");
        }
        server.put("basebackup", copy);
        return server;
    }

    private static Map<String, Object> tags(MemberRole role) {
        Map<String, Object> tags = new LinkedHashMap<>();
        tags.put("nofailover", role == MemberRole.DR);
        tags.put("nosync", role != MemberRole.SYNC);
        return tags;
    }

    private static Map<String, Object> only(Map<String, String> settings, Predicate<String> which) {
        Map<String, Object> some = new LinkedHashMap<>();
        settings.forEach((name, value) -> {
            if (which.test(name)) {
                some.put(name, value);
            }
        });
        return some;
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private boolean isLab() {
        return topology.environment() == Environment.LAB;
    }

    /** Returns the dynamic settings with the types that Patroni expects, by key. */
    Map<String, Object> dynamic() {
        boolean isSynchronous = cluster.durability() != Durability.FAST;
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("ttl", automatic.ttl().toSeconds());
        settings.put("loop_wait", automatic.loopWait().toSeconds());
        settings.put("retry_timeout", automatic.retryTimeout().toSeconds());
        settings.put("maximum_lag_on_failover", automatic.maximumLag() * BYTES_PER_MEGABYTE);
        // a server that does not start again within the time of a lost host is replaced like one
        settings.put("primary_start_timeout", automatic.ttl().toSeconds());
        settings.put("failsafe_mode", true);
        settings.put("synchronous_mode", isSynchronous);
        settings.put("synchronous_mode_strict", cluster.durability() == Durability.PROTECT);
        settings.put("synchronous_node_count", Math.max(1, cluster.synchronous().count()));
        settings.put("postgresql.use_pg_rewind", true);
        settings.put("postgresql.use_slots", true);
        Member any = cluster.declaredPrimary();
        ServerConfiguration.of(cluster, any).forEach((name, value) -> {
            if (!OF_ONE_MEMBER.contains(name) && !OF_RECOVERY.contains(name) && !OF_PATRONI.contains(name)) {
                settings.put(PARAMETERS + name, value);
            }
        });
        return settings;
    }

    /** Returns the sentences about the dynamic settings that differ; empty when none does. */
    List<String> differences(Map<String, String> observed) {
        List<String> lines = new ArrayList<>();
        Map<String, Object> desired = dynamic();
        desired.forEach((key, value) -> {
            String is = observed.get(key);
            if (is == null) {
                lines.add(name(key) + " is not set, desired " + value);
            } else if (!is.equals(value.toString())) {
                lines.add(name(key) + " is " + is + ", desired " + value);
            }
        });
        observed.keySet().stream()
                .filter(k -> k.startsWith(PARAMETERS) && !desired.containsKey(k))
                .forEach(k -> lines.add(name(k) + " is " + observed.get(k) + ", not declared"));
        return lines;
    }

    private static String name(String key) {
        return key.startsWith(PARAMETERS) ? key.substring(PARAMETERS.length()) : key;
    }

    /** Returns the document that changes what differs, for Patroni's REST API; a null removes a key. */
    String patch(Map<String, String> observed) {
        Map<String, Object> desired = dynamic();
        Map<String, Object> changes = new LinkedHashMap<>();
        desired.forEach((key, value) -> {
            if (!value.toString().equals(observed.get(key))) {
                changes.put(key, value);
            }
        });
        observed.keySet().stream()
                .filter(k -> k.startsWith(PARAMETERS) && !desired.containsKey(k))
                .forEach(k -> changes.put(k, null));
        return JsonText.of(nested(changes));
    }

    private static Map<String, Object> nested(Map<String, Object> settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        Map<String, Object> server = new LinkedHashMap<>();
        Map<String, Object> parameters = new LinkedHashMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(PARAMETERS)) {
                parameters.put(key.substring(PARAMETERS.length()), value);
            } else if (key.startsWith("postgresql.")) {
                server.put(key.substring("postgresql.".length()), value);
            } else {
                all.put(key, value);
            }
        });
        if (!parameters.isEmpty()) {
            server.put("parameters", parameters);
        }
        if (!server.isEmpty()) {
            all.put("postgresql", server);
        }
        return all;
    }

    /** Returns what Patroni uses when it creates the cluster. */
    String bootstrap() {
        List<Object> options = new ArrayList<>(List.of(
                ordered("encoding", "UTF8"),
                ordered("locale", "C.UTF-8"),
                "data-checksums",
                ordered("auth-local", "peer"),
                ordered("auth-host", "scram-sha-256")));
        if (isLab()) {
            options.add("no-sync");
        }
        return JsonText.of(ordered("bootstrap", ordered("dcs", nested(dynamic()), "initdb", options)));
    }
}
