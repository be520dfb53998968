package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** A trio of which nothing is left but the topology file, the encrypted repository, and the passphrase that was kept elsewhere. */
public final class LostTrio implements AutoCloseable {

    private static final String TOPOLOGY = RealTrio.TOPOLOGY.replace(
            "    settings:",
            "    backup: { full: weekly, archive: continuous, encryption: generated,"
                    + " repository: /var/lib/holdfast/backup }\n    settings:");

    private static final String APART = TOPOLOGY.replace(
                    "clusters:", "  v1: { address: 127.0.1.9, zone: v, region: r, reach: local }\nclusters:")
            .replace(
                    "repository: /var/lib/holdfast/backup", "repository: { host: v1, path: /var/lib/holdfast/backup }");

    private final RealTrio trio;
    private final String moment;
    private final String system;

    /** @param isApart whether the repository is on a host of its own, which is lost too, but for the repository */
    public LostTrio(boolean isApart) throws Exception {
        trio = new RealTrio(isApart ? APART : TOPOLOGY);
        trio.applied();
        trio.does(0, "backup", "run", "--yes");
        trio.ask("a1", "SELECT 'the end of a base backup is in whole seconds' FROM pg_sleep(1.1)");
        trio.ask(
                "a1",
                "CREATE TABLE numbers (id int PRIMARY KEY)",
                "INSERT INTO numbers SELECT generate_series(1, 100)");
        moment = trio.ask(
                        "a1",
                        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                .get(0);
        trio.ask("a1", "SELECT pg_sleep(0.1)", "INSERT INTO numbers VALUES (101)");
        system = trio.ask("a1", "SELECT system_identifier FROM pg_control_system()")
                .get(0);
        archived();
        String passphrase = trio.does(0, "backup", "escrow", "-o", "json")
                .json()
                .at("/secrets/payments~1backup~1encryption")
                .asText();
        trio.estate.lost();
        Path kept = Files.writeString(trio.estate.folder().resolve("passphrase"), passphrase);
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-------"));
        trio.estate.rewrite(trio.estate.text().replace("encryption: generated", "encryption: file:" + kept));
    }

    private void archived() throws Exception {
        String segment = trio.ask("a1", "SELECT txid_current()", "SELECT pg_walfile_name(pg_switch_wal())")
                .get(0);
        Patience.until(
                () -> "archives " + segment,
                Duration.ofSeconds(120),
                Duration.ofMillis(200),
                () -> LiveFolder.archives(trio.estate.folder().resolve("b"), segment));
    }

    public RealEstate estate() {
        return trio.estate;
    }

    /** After the first hundred rows and before the next. */
    public String moment() {
        return moment;
    }

    /** Whose backups they are. */
    public String system() {
        return system;
    }

    /** A hundred rows on every member, and not one more. */
    public void holds() throws Exception {
        trio.settled();
        for (String host : List.of("a1", "b1", "d1")) {
            assertThat(trio.ask(host, "SELECT count(*) || ' ' || max(id) FROM numbers"))
                    .as(host)
                    .containsExactly("100 100");
        }
        try (var clerk = trio.clerk("a1", RealTrio.SERVER)) {
            assertThat(RealTrio.ask(clerk, "SELECT 1"))
                    .as("a user with its new password")
                    .containsExactly("1");
        }
    }

    @Override
    public void close() throws IOException {
        trio.close();
    }
}
