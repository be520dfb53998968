package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Advice that an owner accepts in the topology until a date. */
@Tag("unit")
class AcceptedAdviceTest {

    private static final LocalDate TODAY = LocalDate.parse("2027-03-01");

    private static Written with(String acceptance) {
        try {
            Path path = Files.createTempFile(Written.FOLDER, "accepted", ".yaml");
            Files.writeString(
                    path,
                    Written.estate("social: { engine: mongodb, replicaSet: [ a1, b1, c1 ] }")
                            + """
                    accepted:
                      - { rule: no-backup, owner: dba-team, until: 2027-03-31, because: a test, at: clusters.social }
                    """.replaceFirst("\\{.*\\}", "{ " + acceptance + " }"));
            try {
                return new Written(TopologyFile.load(path, Map.of(), Map.of(), TODAY), path);
            } finally {
                Files.delete(path);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String acceptance(String rule, String at, String until) {
        return "rule: " + rule + ", owner: dba-team, until: " + until + ", because: a test"
                + (at.isEmpty() ? "" : ", at: " + at);
    }

    @ParameterizedTest
    @CsvSource({
        "clusters.social, 2027-03-31",
        "clusters, 2027-03-02",
        "'', 2027-03-01",
    })
    void it_is_no_problem_while_the_date_holds(String at, String until) {
        Written estate = with(acceptance("no-backup", at, until));
        assertThat(estate.description()).isEmpty();
        assertThat(estate.loaded().accepted()).hasSize(1);
        assertThat(estate.loaded().accepted().get(0).acceptance().owner()).isEqualTo("dba-team");
    }

    @Test
    void it_appears_again_after_the_date() {
        Written estate = with(acceptance("no-backup", "clusters.social", "2027-02-28"));
        assertThat(estate.description())
                .contains("WARN social declares no backup")
                .contains("WARN dba-team accepted no-backup until 2027-02-28, and that day is over");
        assertThat(estate.loaded().accepted()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-bakup | clusters.social | 2027-03-31 | ERROR no lint rule has the id no-bakup",
                "no-backup | clusters.shop | 2027-03-31 | ERROR the file has no clusters.shop",
                "no-backup | hosts.a1 | 2027-03-31 | WARN no-backup is accepted, and finds nothing there",
                "mongodb-balancer-off | clusters | 2027-03-31 | WARN mongodb-balancer-off is accepted, and finds nothing there",
                "no-backup | clusters.social | 2027-02-30 | ERROR there is no day 2027-02-30",
                "no-backup | clusters.social | soon | ERROR",
            })
    void an_acceptance_that_fits_nothing_is_reported(String rule, String at, String until, String what) {
        assertThat(with(acceptance(rule, at, until)).description()).contains(what);
    }

    @Test
    void an_owner_and_a_reason_are_needed() {
        assertThat(with("rule: no-backup, until: 2027-03-31").description())
                .contains("owner")
                .contains("because");
    }

    @Test
    void an_error_cannot_be_accepted() throws IOException {
        Path path = Files.createTempFile(Written.FOLDER, "accepted", ".yaml");
        Files.writeString(
                path,
                Written.estate("social: { engine: mongodb, replicaSet: [ a1, b1, c1 ], objectives: { rto: 5s },"
                                + " backup: { base: daily, oplogEvery: 60s, repository: /backup } }")
                        + "accepted: [ { " + acceptance("rto-below-election-timeout", "clusters", "2027-03-31")
                        + " } ]\n");
        Written estate = new Written(TopologyFile.load(path, Map.of(), Map.of(), TODAY), path);
        Files.delete(path);
        assertThat(estate.description())
                .contains("ERROR an RTO of 5s cannot be met")
                .contains("only advice can be accepted");
    }
}
