package dev.holdfast.postgres.configuration;

import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The contents of {@code pgbouncer.ini}: transaction pooling, with authentication of every client. */
public final class PgBouncerConfig {

    /** The schema of the function with which PgBouncer looks up passwords. */
    public static final String SCHEMA = "pgbouncer";

    /** PgBouncer shows this octal value in decimal. */
    private static final Set<String> REPORTED_DIFFERENTLY = Set.of("unix_socket_mode");
    /** Settings that need a new process. */
    private static final Set<String> AT_START = Set.of("listen_addr", "listen_port", "unix_socket_dir", "pidfile");

    private PgBouncerConfig() {}

    public static Map<String, String> of(Node node) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addr", node.host().address());
        settings.put("listen_port", Integer.toString(node.port()));
        settings.put("unix_socket_dir", node.run());
        settings.put("unix_socket_mode", "0700");
        settings.put("pidfile", node.run() + "/pgbouncer.pid");
        settings.put("logfile", node.log() + "/pgbouncer.log");
        settings.put("log_connections", "0");
        settings.put("log_disconnections", "0");
        settings.put("auth_type", "scram-sha-256");
        settings.put("auth_file", node.directory() + "/conf/userlist.txt");
        settings.put("auth_user", PostgresCluster.POOLER);
        settings.put("auth_query", "SELECT p_user, p_password FROM " + SCHEMA + ".get_auth($1)");
        settings.put("pool_mode", "transaction");
        settings.put("ignore_startup_parameters", "extra_float_digits");
        settings.put("max_client_conn", "1000");
        settings.put("default_pool_size", "20");
        settings.put("server_connect_timeout", "2");
        settings.put("server_login_retry", "0.2");
        settings.put("query_wait_timeout", "120");
        settings.put("tcp_keepidle", "30");
        settings.put("tcp_keepintvl", "10");
        settings.put("tcp_keepcnt", "3");
        return settings;
    }

    public static String lines(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(s -> s.getKey() + " = " + s.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** Returns the settings of a running process that differ from the desired ones. */
    public static List<String> differences(Node node, Map<String, String> running) {
        return of(node).entrySet().stream()
                .filter(s -> !REPORTED_DIFFERENTLY.contains(s.getKey()))
                .filter(s -> !s.getValue().equals(running.get(s.getKey())))
                .map(s -> s.getKey() + " is '" + running.getOrDefault(s.getKey(), "") + "', desired '" + s.getValue()
                        + "'")
                .toList();
    }

    /** Returns whether the process must be replaced to use the desired settings. */
    public static boolean needsAnother(Node node, Map<String, String> running) {
        Map<String, String> desired = of(node);
        return AT_START.stream().anyMatch(s -> !desired.get(s).equals(running.get(s)));
    }
}
