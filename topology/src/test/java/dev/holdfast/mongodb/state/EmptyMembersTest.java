package dev.holdfast.mongodb.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.HealthProblem;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.FakeEstate;
import dev.holdfast.mongodb.FakeMongo;
import dev.holdfast.mongodb.FakeSet;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.RunbookOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members whose data is gone although their set exists. */
@Tag("unit")
class EmptyMembersTest {

    private final FakeEstate estate = new FakeEstate();
    private final FakeMongo mongo = estate.mongo;
    private final MongoCluster cluster = Wanted.replicaSet("a1", "b1", "c1");

    @BeforeEach
    void applied() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
    }

    private RunbookOutcome applyWithin(MongoCluster desired) {
        return estate.apply(desired);
    }

    @Test
    void an_empty_voter_leaves_before_it_starts_and_joins_as_a_new_member() {
        mongo.wipe("b1:27017");
        assertThat(estate.titles(cluster))
                .containsSequence("Remove b1:27017 from rs")
                .noneMatch(t -> t.contains("Start"));
        assertThat(applyWithin(cluster).isDone()).isTrue();
        assertThat(mongo.at("a1:27017").set.hosts()).contains("b1:27017");
        assertThat(mongo.at("b1:27017").up).isTrue();
        assertThat(estate.titles(cluster)).isEmpty();
    }

    private List<String> problems() {
        return estate.state(cluster).findings().stream()
                .map(HealthProblem::toString)
                .toList();
    }

    /** It votes, but the others are a majority without it. */
    @Test
    void an_empty_voter_that_a_person_has_started_has_no_vote_until_it_has_data() {
        FakeSet set = mongo.at("a1:27017").set;
        mongo.wipe("b1:27017");
        mongo.startEmpty("b1:27017", set);
        assertThat(problems())
                .anyMatch(p ->
                        p.contains("b1 votes and has no data yet (initial sync): this vote can elect a primary that"
                                + " lacks acknowledged writes"));
        assertThat(estate.titles(cluster)).contains("Change the vote of b1:27017 in rs");
        assertThat(estate.plan(cluster).stream().flatMap(p -> p.plan().steps().stream()))
                .anyMatch(s -> s.because().contains("votes is 1, desired 0"));
    }

    /** The primary has been elected by a member without data, so the stopped one can have more. */
    @Test
    void a_member_that_can_have_more_than_a_primary_by_an_empty_vote_is_compared_before_it_joins() {
        FakeSet set = mongo.at("a1:27017").set;
        mongo.kill("c1:27017");
        mongo.wipe("b1:27017");
        mongo.startEmpty("b1:27017", set);
        assertThat(problems())
                .anyMatch(p -> p.contains("b1 votes and has no data yet"))
                .anyMatch(p -> p.contains("c1 is stopped and can have acknowledged writes that the primary lacks"));
        assertThat(estate.titles(cluster))
                .contains("Remove c1:27017 from rs")
                .noneMatch(t -> t.startsWith("Start") || t.startsWith("Change the vote"));
        assertThat(estate.plan(cluster).stream().flatMap(p -> p.plan().steps().stream()))
                .anyMatch(s -> s.because().contains("a voter copied its data after this member had stopped"));
    }

    /** The initial sync has ended since then: only the ages of the data show what has happened. */
    @Test
    void a_voter_whose_data_is_younger_than_the_last_write_of_a_stopped_member_was_empty_then() {
        mongo.kill("c1:27017");
        List.of("a1:27017", "b1:27017", "c1:27017").forEach(e -> {
            mongo.at(e).born = 1000;
            mongo.at(e).written = e.startsWith("c1") ? 5000 : 9000;
        });
        assertThat(problems()).noneMatch(p -> p.contains("acknowledged writes"));
        assertThat(estate.titles(cluster)).contains("Start mongod social/rs/c1 on c1:27017");
        mongo.at("b1:27017").born = 5100;
        assertThat(problems()).anyMatch(p -> p.contains("c1 is stopped and can have acknowledged writes"));
        assertThat(estate.titles(cluster)).contains("Remove c1:27017 from rs").noneMatch(t -> t.startsWith("Start"));
        RunbookOutcome outcome = applyWithin(cluster);
        assertThat(outcome.isDone()).as(outcome.toString()).isTrue();
        assertThat(mongo.at("a1:27017").set.hosts()).contains("c1:27017");
    }

    @Test
    void the_plan_includes_the_initial_sync() {
        mongo.wipe("b1:27017");
        FakeSet set = mongo.at("a1:27017").set;
        set.config = new MongoDocument(
                ReplicaSetConfig.of(Wanted.replicaSet("a1", "c1").sets().get(0))
                        .over(set.config, set.config.number("version") + 1));
        assertThat(estate.plan(cluster).stream().flatMap(p -> p.plan().steps().stream()))
                .anyMatch(s -> s.title().startsWith("Start mongod social/rs/b1")
                        && s.because().contains("initial sync"));
    }

    @Test
    void without_a_primary_an_empty_member_is_not_started_and_the_others_are() {
        mongo.wipe("b1:27017");
        mongo.kill("c1:27017");
        mongo.at("a1:27017").frozen = true;
        mongo.at("a1:27017").set.up.remove("a1:27017");
        assertThat(estate.titles(cluster))
                .contains("Start mongod social/rs/c1 on c1:27017")
                .noneMatch(t -> t.contains("social/rs/b1"));
        estate.apply(cluster);
        assertThat(mongo.at("b1:27017").up).isFalse();
        assertThat(mongo.at("c1:27017").up).isTrue();
        assertThat(estate.plan(cluster).stream().flatMap(p -> p.plan().missing().stream()))
                .anyMatch(m ->
                        m.exit() == ExitCode.REFUSED && m.what().contains("is empty and social/rs has no primary"));
    }

    @Test
    void a_primary_that_is_elected_in_the_same_run_adds_the_empty_member_again() {
        mongo.wipe("b1:27017");
        mongo.at("a1:27017").set.primary = "";
        RunbookOutcome outcome = estate.apply(cluster);
        assertThat(outcome.isDone()).as(outcome.toString()).isTrue();
        assertThat(mongo.at("b1:27017").up).isTrue();
        assertThat(estate.titles(cluster)).isEmpty();
    }

    @Test
    void two_empty_members_and_one_that_does_not_answer_start_nothing() {
        mongo.wipe("b1:27017");
        mongo.wipe("c1:27017");
        mongo.at("a1:27017").frozen = true;
        mongo.at("a1:27017").set.up.remove("a1:27017");
        assertThat(estate.titles(cluster)).noneMatch(t -> t.startsWith("Start") || t.startsWith("Initiate"));
    }

    @Test
    void an_empty_member_is_not_started_while_the_hosts_of_the_others_are_silent() {
        mongo.wipe("b1:27017");
        mongo.silentHosts.addAll(List.of("a1", "c1"));
        assertThat(estate.titles(cluster)).isEmpty();
        assertThat(mongo.initiated).isEqualTo(1);
    }

    @Test
    void members_that_all_lost_their_data_are_not_made_a_new_empty_set() {
        List.of("a1:27017", "b1:27017", "c1:27017").forEach(mongo::wipe);
        estate.world.forget();
        RunbookOutcome outcome = estate.apply(cluster);
        assertThat(outcome.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(outcome.refusals()).anyMatch(r -> r.hint().contains("holdfast restore"));
        assertThat(estate.world.changes()).isEmpty();
    }

    @Test
    void an_empty_config_server_and_an_empty_member_of_a_shard_are_treated_alike() {
        FakeEstate sharded = new FakeEstate();
        MongoCluster desired = Wanted.sharded();
        assertThat(sharded.apply(desired).isDone()).isTrue();
        sharded.mongo.wipe("c1:27019");
        sharded.mongo.wipe("b2:27020");
        assertThat(sharded.titles(desired))
                .contains("Remove c1:27019 from config", "Remove b2:27020 from shard-b")
                .noneMatch(t -> t.startsWith("Start"));
        assertThat(sharded.apply(desired).isDone()).isTrue();
        assertThat(sharded.titles(desired)).isEmpty();
    }

    @Test
    void options_that_data_was_made_with_are_refused_at_plan() {
        MongoCluster other = Wanted.settings(cluster, Map.of("storage.directoryPerDB", true));
        estate.world.forget();
        RunbookOutcome outcome = estate.apply(other);
        assertThat(outcome.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(outcome.refusals())
                .anyMatch(
                        r -> r.what().startsWith("storage.directoryPerDB is false in the existing data, desired true"));
        assertThat(estate.world.changes()).isEmpty();
        assertThat(estate.refusals(Wanted.settings(cluster, Map.of("storage.engine", "inMemory"))))
                .anyMatch(r -> r.contains("storage.engine is wiredTiger in the existing data"));
    }
}
