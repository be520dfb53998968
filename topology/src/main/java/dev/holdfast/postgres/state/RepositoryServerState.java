package dev.holdfast.postgres.state;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The observed state of one pgBackRest TLS server: {@code postgres/tls-look.sh}.
 *
 * @param certificate its own certificate, as text without first and last line; empty when it has none
 * @param isEnding whether its certificate expires within 30 days
 * @param trusted the certificates that it accepts
 * @param inputs inputs of its present configuration
 * @param isEdited whether its configuration was changed manually
 * @param isStale whether its configuration or a certificate is newer than its process
 */
public record RepositoryServerState(
        Node node,
        HostFacts hostFacts,
        String certificate,
        boolean isEnding,
        Set<String> trusted,
        String inputs,
        boolean isEdited,
        boolean isStale) {

    public static RepositoryServerState of(Node node, HostFacts hostFacts, ActionResult answer) {
        String certificate = "";
        boolean ending = false;
        Set<String> trusted = new TreeSet<>();
        String inputs = "";
        boolean edited = false;
        boolean stale = false;
        for (String line : answer.isOk() ? answer.text().lines().toList() : List.<String>of()) {
            String[] f = line.split("\t", -1);
            if (f.length > 1 && f[1].equals(node.id())) {
                switch (f[0]) {
                    case "certificate" -> certificate = f[2];
                    case "ending" -> ending = true;
                    case "trusts" -> trusted.add(f[2]);
                    case "inputs" -> inputs = f[2];
                    case "edited" -> edited = true;
                    case "stale" -> stale = true;
                    default -> {
                        continue;
                    }
                }
            }
        }
        return new RepositoryServerState(
                node, hostFacts.confirmedBy(answer), certificate, ending, trusted, inputs, edited, stale);
    }

    public boolean isOutOfReach() {
        return hostFacts.process() == NodeAvailability.SILENT;
    }

    public boolean hasKey() {
        return !certificate.isEmpty() && !isEnding;
    }
}
