package dev.holdfast.mongodb.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.mongodb.FakeEstate;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.rolechange.FailoverOperation;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Routers that do not answer while the majority of a shard does not answer either. */
@Tag("unit")
class SilentRouterTest {

    private final FakeEstate estate = new FakeEstate();
    private final MongoCluster cluster = Wanted.sharded();

    @BeforeEach
    void a_shard_lost_its_majority_for_this_machine() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        for (String member : List.of("a1:27018", "b1:27018")) {
            estate.mongo.at(member).frozen = true;
            estate.mongo.at(member).set.up.remove(member);
        }
        estate.mongo.at("c1:27018").set.primary = "";
    }

    private Operation.Assessment decided() {
        RoleChangeRequest insists = new RoleChangeRequest("shard-a", Optional.empty(), true, Set.of("others-silent"));
        return FailoverOperation.of(Wanted.estate(cluster), cluster, insists).decide(estate.world);
    }

    @Test
    void routers_that_answer_and_reach_no_lost_member_are_no_objection() {
        assertThat(decided().refusal()).as(decided().because()).isEmpty();
    }

    @Test
    void a_router_that_listens_and_does_not_answer_can_still_reach_the_members() {
        estate.mongo.at("b1:27017").frozen = true;
        assertThat(decided().because())
                .contains("router b1 did not report whether a1:27018 answers")
                .contains("router b1 did not report whether b1:27018 answers");
        assertThat(decided().refusal())
                .hasValueSatisfying(r -> assertThat(r.hint()).contains("or end its process"));
    }

    @Test
    void a_router_that_has_exited_is_no_objection() {
        estate.mongo.at("b1:27017").up = false;
        assertThat(decided().refusal()).as(decided().because()).isEmpty();
    }

    @Test
    void a_router_on_a_silent_host_is_left_to_the_question_about_silent_hosts() {
        estate.mongo.silentHosts.add("b1");
        assertThat(decided().refusal()).as(decided().because()).isEmpty();
    }

    @Test
    void a_silent_router_does_not_contradict_a_host_that_reports_the_members_as_exited() {
        estate.mongo.at("b1:27017").frozen = true;
        for (String member : List.of("a1:27018", "b1:27018")) {
            estate.mongo.at(member).up = false;
        }
        assertThat(decided().refusal()).as(decided().because()).isEmpty();
    }
}
