package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that finds no address for the name of another host: that is said before anything starts. */
@Tag("real")
class UnresolvedNamesTest {

    private static final String HEAD = """
            apiVersion: holdfast.dev/v1
            name: names-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: b1.invalid, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              orders:\
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ engine: postgresql, primary: a1, standbys: { b1: async } }",
                "{ engine: mongodb, replicaSet: [ b1 ] }"
            })
    void is_named_and_nothing_is_started(String cluster) throws IOException {
        try (RealEstate estate = RealEstate.ofText(HEAD + " " + cluster + "\n")) {
            Ended plan = estate.run("plan");
            assertThat(plan.exit()).as(plan.toString()).isEqualTo(4);
            assertThat(plan.err())
                    .contains(" cannot resolve b1.invalid")
                    .contains("HINT: add the name to DNS or to /etc/hosts on that host");
            Ended apply = estate.run("apply", "--yes");
            assertThat(apply.exit()).as(apply.toString()).isEqualTo(4);
            assertThat(estate.servers("/")).isEmpty();
        }
    }
}
