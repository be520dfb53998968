package dev.holdfast.postgres.state;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Node;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

    /** {@code postgres/tls-look.sh}. */
    public static final ScriptFormat LOOK = new ScriptFormat(
            "postgres/tls-look.sh",
            Certificate.class,
            Ending.class,
            Trusted.class,
            Inputs.class,
            Edited.class,
            Stale.class);

    private record Certificate(String id, String body) {}

    private record Ending(String id) {}

    private record Trusted(String id, String body) {}

    private record Inputs(String id, String text) {}

    private record Edited(String id) {}

    private record Stale(String id) {}

    public static RepositoryServerState of(Node node, HostFacts hostFacts, ScriptAnswer answer) {
        String id = node.id();
        return new RepositoryServerState(
                node,
                hostFacts.confirmedBy(answer.result()),
                answer.first(Certificate.class, c -> c.id().equals(id))
                        .map(Certificate::body)
                        .orElse(""),
                answer.first(Ending.class, e -> e.id().equals(id)).isPresent(),
                answer.all(Trusted.class, t -> t.id().equals(id)).stream()
                        .map(Trusted::body)
                        .collect(Collectors.toCollection(TreeSet::new)),
                answer.first(Inputs.class, i -> i.id().equals(id))
                        .map(Inputs::text)
                        .orElse(""),
                answer.first(Edited.class, e -> e.id().equals(id)).isPresent(),
                answer.first(Stale.class, s -> s.id().equals(id)).isPresent());
    }

    public boolean isOutOfReach() {
        return hostFacts.process() == NodeAvailability.SILENT;
    }

    public boolean hasKey() {
        return !certificate.isEmpty() && !isEnding;
    }
}
