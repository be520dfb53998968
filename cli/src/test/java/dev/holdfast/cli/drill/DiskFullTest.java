package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Capability;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real primary on a small file system of its own, which is filled to its last block while clients write. */
@Tag("long")
class DiskFullTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: small
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
            clusters:
              payments:
                engine: postgresql
                objectives: { rpo: 0s, rto: 5m }
                durability: protect
                primary: a1
                standbys: { b1: sync }
                proxy: [ a1, b1 ]
                settings: { shared_buffers: 16MB, min_wal_size: 32MB, max_wal_size: 48MB, wal_init_zero: false }
            """;

    @Test
    void a_full_disk_loses_nothing_and_the_estate_ends_whole() throws Exception {
        Capability.SYS_ADMIN.assumed();
        try (RealEstate estate = RealEstate.ofText(TOPOLOGY)) {
            Path small = Files.createDirectories(estate.folder().resolve("d/a1/payments/servers"));
            typed("mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "holdfast-small", small.toString());
            try {
                drilled(estate);
            } finally {
                // the mount's own folder cannot be removed while it is one
                estate.run("destroy", "--yes");
                typed("umount", small.toString());
            }
        }
    }

    private static void drilled(RealEstate estate) {
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        estate.whenHealthy();
        Ended ended = estate.run("drill", "run", "pg-disk-full", "--yes", "--rate", "100", "-o", "json");
        assertThat(ended.exit()).as(ended.toString()).isIn(0, 10);
        List<String> words = ended.json().path("verdicts").findValuesAsText("verdict");
        assertThat(words).as(ended.toString()).isNotEmpty().doesNotContain("BROKEN");
        assertThat(ended.json().path("verdicts"))
                .as(ended.toString())
                .anySatisfy(v -> assertThat(
                                v.path("claim").asText() + v.path("verdict").asText())
                        .isEqualTo("the fault took effectHELD"))
                .anySatisfy(v -> assertThat(
                                v.path("claim").asText() + v.path("verdict").asText())
                        .startsWith("at the end all faults are reverted")
                        .endsWith("HELD"));
        estate.settled();
    }

    private static void typed(String... words) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor())
                .as(String.join(" ", words))
                .isZero();
    }
}
