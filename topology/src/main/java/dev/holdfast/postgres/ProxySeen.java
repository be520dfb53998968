package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.PostgresCluster.Proxy;
import dev.holdfast.world.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was seen of one proxy: {@code haproxy/look.sh}.
 *
 * @param isReadPortTaken whether anything listens on its read entrance
 * @param version of the HAProxy program; empty when there is none
 * @param inputs from which its configuration was written
 * @param isEdited its configuration is not as it was written
 * @param isStale its configuration is newer than its process
 * @param isSilent its process is there, but its runtime socket does not answer
 * @param closed a folder on the way that HAProxy's user may not pass; empty when the way is open
 * @param ready the servers that sessions go to, by backend
 */
record ProxySeen(
        Proxy proxy,
        Footing footing,
        boolean isReadPortTaken,
        String version,
        String inputs,
        boolean isEdited,
        boolean isStale,
        boolean isSilent,
        String closed,
        Map<String, List<String>> ready) {

    static ProxySeen of(Proxy proxy, Footing footing, boolean isReadPortTaken, String told) {
        String id = proxy.node().id();
        String version = "";
        String inputs = "";
        boolean edited = false;
        boolean stale = false;
        boolean silent = false;
        String closed = "";
        Map<String, List<String>> ready = new LinkedHashMap<>();
        for (String line : told.lines().toList()) {
            String[] f = line.split("\t", -1);
            if (f[0].equals("version")) {
                version = f[1];
            } else if (f.length > 1 && f[1].equals(id)) {
                switch (f[0]) {
                    case "inputs" -> inputs = f[2];
                    case "edited" -> edited = true;
                    case "stale" -> stale = true;
                    case "silent" -> silent = true;
                    case "closed" -> closed = f[2];
                    case "route" -> {
                        List<String> servers = ready.computeIfAbsent(f[2], b -> new ArrayList<>());
                        if (f[4].equals("ready")) {
                            servers.add(f[3]);
                        }
                    }
                    default -> {
                        continue;
                    }
                }
            }
        }
        return new ProxySeen(proxy, footing, isReadPortTaken, version, inputs, edited, stale, silent, closed, ready);
    }

    Node node() {
        return proxy.node();
    }

    State state() {
        return isSilent ? State.SILENT : footing.process();
    }

    boolean isUp() {
        return state() == State.UP;
    }

    List<String> writesGoTo() {
        return ready.getOrDefault(ProxyPlan.PRIMARY, List.of());
    }

    List<String> readsGoTo() {
        return ready.getOrDefault(ProxyPlan.STANDBYS, List.of());
    }
}
