package dev.holdfast.cli.files;

import static dev.holdfast.cli.files.Written.clusters;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What experience says of a topology, and where it keeps silent. */
@Tag("unit")
class LintTest {

    private static final String BACKUP = ", backup: { base: daily, oplogEvery: 60s, repository: /backup }";
    private static final String ARCHIVE = ", backup: { full: daily, archive: continuous, repository: /backup }";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "objectives: { rpo: 5m, rto: 11s }",
                "objectives: { rpo: 60s }",
                "objectives: { rpo: 0s }",
                "electionTimeout: 2s, heartbeat: 500ms, objectives: { rto: 3s }",
                "defaults: { writeConcern: 2 }, objectives: { rpo: 0s }"
            })
    void a_set_over_three_zones_that_keeps_its_objectives_is_left_in_peace(String keys) {
        assertThat(clusters("social: { engine: mongodb, replicaSet: [ a1, b1, c1 ], " + keys + BACKUP + " }")
                        .problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "objectives: { rto: 10s } | an RTO of 10s cannot be met",
                "objectives: { rpo: 59s } | backups of social can be 1m behind the last write, and the RPO is 59s",
                "defaults: { writeConcern: 1 }, objectives: { rpo: 0s } | an RPO of 0s cannot be met"
            })
    void an_objective_that_is_contradicted_is_an_error(String keys, String what) {
        Written written = clusters("social: { engine: mongodb, replicaSet: [ a1, b1, c1 ], " + keys + BACKUP + " }");
        assertThat(written.description()).contains("ERROR " + what);
        assertThat(written.loaded().topology()).isEmpty();
    }

    @Test
    void an_archive_without_pause_is_never_behind_an_rpo() {
        String books =
                "books: { engine: postgresql, primary: a1, standbys: { b1: sync }, dr: { c1: async }, proxy: [ a1, b1 ]";
        assertThat(clusters(books + ", objectives: { rpo: 1s }" + ARCHIVE + " }")
                        .problems())
                .isEmpty();
    }

    @Test
    void a_hidden_reserve_does_not_count_as_a_voter_when_it_has_no_vote() {
        String set = "social: { engine: mongodb, replicaSet: [ a1, b1, c1, { host: c1, hidden: true, votes: 0 } ]"
                + BACKUP + " }";
        assertThat(clusters(set).description()).doesNotContain("4 voters");
    }

    @Test
    void an_arbiter_is_no_trouble_when_enough_members_hold_data() {
        String four = "social: { engine: mongodb, replicaSet: [ a1, b1, c1, a1, { host: b1, arbiter: true } ]" + BACKUP
                + " }";
        assertThat(clusters(four).description()).doesNotContain("arbiter beside");
    }

    @Test
    void advice_alone_leaves_a_topology_valid() {
        Written written = clusters("social: { engine: mongodb, replicaSet: [ a1 ] }");
        assertThat(written.problems()).isNotEmpty();
        assertThat(written.topology().clusters()).hasSize(1);
    }
}
