package dev.holdfast.mongodb.state;

import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The differences between a server's options and the declared ones.
 *
 * @param live parameters that can change on a running server
 * @param because one sentence for each of them
 * @param oplog the desired size of the oplog in MB; 0 if it already has that size
 * @param restart sentences about options that need a restart
 */
public record OptionsDiff(Map<String, Object> live, List<String> because, long oplog, List<String> restart) {

    static final OptionsDiff NONE = new OptionsDiff(Map.of(), List.of(), 0, List.of());

    static final String OPLOG = "replication.oplogSizeMB";
    private static final String PARAMETER = "setParameter.";
    /** A restored member was started without it; what counts is the value in use. */
    private static final String TTL_MONITOR = PARAMETER + ServerConfiguration.TTL_MONITOR;

    /** Compares the options of a server, as observed, with the declared ones. */
    public static OptionsDiff of(MongoCluster cluster, NodeState server) {
        return of(ServerConfiguration.of(cluster, server.node()), server.reply());
    }

    /** Compares; empty if the server does not report its options. */
    public static OptionsDiff of(ServerConfiguration requested, ServerReply reply) {
        if (reply.options().isEmpty()) {
            return NONE;
        }
        Map<String, Object> running = new LinkedHashMap<>();
        flatten("", reply.options(), running);
        running.remove("config");
        Map<String, Object> all = requested.all();
        Set<String> keys = new TreeSet<>(all.keySet());
        keys.addAll(running.keySet());
        Map<String, Object> live = new LinkedHashMap<>();
        List<String> because = new ArrayList<>();
        List<String> restart = new ArrayList<>();
        long oplog = 0;
        for (String key : keys) {
            MongoDocument parameter = parameter(key, reply);
            Object observed =
                    parameter.isEmpty() ? running.get(key) : parameter.fields().get("value");
            Object desired = all.getOrDefault(key, key.equals(TTL_MONITOR) ? true : null);
            boolean oplogAsItIs = key.equals(OPLOG) && (observed == null || desired == null);
            if (same(observed, desired) || oplogAsItIs) {
                continue;
            }
            if (key.equals(OPLOG)) {
                oplog = Long.parseLong(desired.toString());
                because.add(sentence(key, observed, desired));
                continue;
            }
            if (parameter.is("settableAtRuntime")) {
                live.put(key.substring(PARAMETER.length()), desired);
                because.add(sentence(key, observed, desired));
            } else {
                restart.add(sentence(key, observed, desired));
            }
        }
        return new OptionsDiff(live, because, oplog, restart);
    }

    private static MongoDocument parameter(String key, ServerReply reply) {
        return key.startsWith(PARAMETER)
                ? reply.parameters().doc(key.substring(PARAMETER.length()))
                : MongoDocument.EMPTY;
    }

    private static String sentence(String key, Object observed, Object desired) {
        return key + " is " + (observed == null ? "not set" : observed) + ", "
                + (desired == null ? "not declared" : "desired " + desired);
    }

    private static void flatten(String prefix, MongoDocument doc, Map<String, Object> flat) {
        doc.fields().forEach((key, value) -> {
            if (value instanceof Map<?, ?>) {
                flatten(prefix + key + ".", MongoDocument.of(value), flat);
            } else {
                flat.put(prefix + key, value);
            }
        });
    }

    /** Compares numbers by value: a server can write 1 for 1.0, and writes all parameters as text. */
    private static boolean same(Object observed, Object desired) {
        if (observed == null || desired == null) {
            return observed == desired;
        }
        String a = observed.toString();
        String b = desired.toString();
        return a.equals(b) || isNumber(a) && isNumber(b) && new BigDecimal(a).compareTo(new BigDecimal(b)) == 0;
    }

    private static boolean isNumber(String text) {
        return text.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    }
}
