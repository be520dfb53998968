package dev.holdfast.mongodb.state;

import dev.holdfast.mongodb.value.MongoDocument;
import java.util.Optional;

/** The replication lag of members as the primary observes it; declared delays are subtracted. */
public final class ReplicationLag {

    private ReplicationLag() {}

    /** Returns the lag in seconds; empty if the set has no primary or does not reach the member. */
    public static Optional<Long> of(MongoDocument status, MongoDocument config, String host) {
        MongoDocument member = member(status, host);
        Optional<MongoDocument> primary = status.docs("members").stream()
                .filter(m -> m.number("state") == 1)
                .findFirst();
        if (primary.isEmpty() || member.doc("optime").isEmpty() || member.number("health") == 0) {
            return Optional.empty();
        }
        long delay = config.docs("members").stream()
                .filter(m -> m.text("host").equals(host))
                .mapToLong(m -> m.number("secondaryDelaySecs"))
                .sum();
        long behind =
                primary.get().doc("optime").seconds("ts") - member.doc("optime").seconds("ts");
        return Optional.of(Math.max(0, behind - delay));
    }

    public static long greatest(MongoDocument status, MongoDocument config) {
        return config.docs("members").stream()
                .map(m -> of(status, config, m.text("host")))
                .flatMap(Optional::stream)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    private static MongoDocument member(MongoDocument status, String host) {
        return status.docs("members").stream()
                .filter(m -> m.text("name").equals(host))
                .findFirst()
                .orElse(MongoDocument.EMPTY);
    }
}
