package dev.holdfast.mongodb;

import java.util.Optional;

/** How far members are behind their primary, by the primary's own view; delays on purpose do not count. */
final class Lag {

    private Lag() {}

    /** Seconds behind; empty when the set has no primary or does not see the member at work. */
    static Optional<Long> of(Doc status, Doc config, String host) {
        Doc member = member(status, host);
        Optional<Doc> primary = status.docs("members").stream()
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

    static long greatest(Doc status, Doc config) {
        return config.docs("members").stream()
                .map(m -> of(status, config, m.text("host")))
                .flatMap(Optional::stream)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    private static Doc member(Doc status, String host) {
        return status.docs("members").stream()
                .filter(m -> m.text("name").equals(host))
                .findFirst()
                .orElse(Doc.EMPTY);
    }
}
