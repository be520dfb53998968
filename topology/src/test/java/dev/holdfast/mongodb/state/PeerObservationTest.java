package dev.holdfast.mongodb.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.FakeEstate;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.rolechange.FailoverOperation;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members that the machine of the CLI does not reach, and whose hosts can be asked. */
@Tag("unit")
class PeerObservationTest {

    private final FakeEstate estate = new FakeEstate();
    private final MongoCluster cluster = Wanted.replicaSet("a1", "b1", "c1");

    @BeforeEach
    void two_of_three_do_not_answer_here() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        for (String member : new String[] {"a1:27017", "b1:27017"}) {
            estate.mongo.at(member).frozen = true;
            estate.mongo.at(member).set.up.remove(member);
        }
        estate.mongo.at("c1:27017").set.primary = "";
    }

    private Operation.Assessment decided() {
        RoleChangeRequest insists = new RoleChangeRequest("", Optional.empty(), true, Set.of("others-silent"));
        return FailoverOperation.of(Wanted.estate(cluster), cluster, insists).decide(estate.world);
    }

    @Test
    void a_primary_that_its_own_host_reaches_is_not_lost() {
        estate.mongo.hostReplies.put("a1:27017", "primary");
        assertThat(decided().because())
                .isEqualTo("a1:27017 is primary for the member's host a1: only this host does not reach the primary");
        assertThat(decided().refusal())
                .hasValueSatisfying(r -> assertThat(r.exit()).isEqualTo(ExitCode.REFUSED));
    }

    @Test
    void a_secondary_that_its_own_host_reaches_is_not_given_up() {
        estate.mongo.hostReplies.put("b1:27017", "secondary");
        assertThat(decided().because())
                .isEqualTo("b1:27017 is healthy for the member's host b1, so this member does not count as lost");
        assertThat(decided().refusal())
                .hasValueSatisfying(r -> assertThat(r.exit()).isEqualTo(ExitCode.REFUSED));
    }

    @Test
    void a_member_whose_host_did_not_say_whether_it_answers_is_not_given_up() {
        estate.world.unanswered("b1", "mongodb/hello-on-host.sh");
        assertThat(decided().because())
                .isEqualTo(
                        "the member's host b1 did not report whether b1:27017 answers, so this member does not count as lost");
        assertThat(decided().refusal())
                .hasValueSatisfying(r -> assertThat(r.exit()).isEqualTo(ExitCode.REFUSED));
    }

    @Test
    void a_truncated_answer_of_a_host_is_no_evidence() {
        estate.mongo.hostReplies.put("a1:27017", "primary");
        estate.world.garbled("a1", "mongodb/hello-on-host.sh", text -> text.replace("\"end\"", "\"en\""));
        assertThat(decided().because())
                .isEqualTo(
                        "the member's host a1 did not report whether a1:27017 answers, so this member does not count as lost");
    }

    @Test
    void a_member_without_heartbeats_is_no_evidence_that_the_others_are_lost() {
        estate.world.unanswered("c1", "mongodb/status.json");
        assertThat(decided().refusal())
                .hasValueSatisfying(r -> assertThat(r.exit()).isNotEqualTo(ExitCode.DONE));
    }

    @Test
    void members_that_no_one_reaches_can_be_given_up() {
        assertThat(decided().refusal()).isEmpty();
    }
}
