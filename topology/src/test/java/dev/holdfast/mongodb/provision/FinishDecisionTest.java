package dev.holdfast.mongodb.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.FakeEstate;
import dev.holdfast.mongodb.FakeMongo;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("unit")
class FinishDecisionTest {

    @RegisterExtension
    static final DecisionTable TABLE = new DecisionTable("MongoDB: upgrade --finish", FinishDecision.TABLE);

    private final FakeEstate estate = new FakeEstate();
    private final FakeMongo mongo = estate.mongo;
    private final MongoCluster cluster = Wanted.sharded();

    private void stands() {
        assertThat(estate.apply(cluster).exit()).isEqualTo(ExitCode.DONE);
        List.of("a1:27019", "a1:27018", "a2:27020")
                .forEach(e -> mongo.at(e).set.compatibility = Map.of("version", "8.0"));
        estate.world.forget();
    }

    private Decision<RoleChangeDecision> decided() {
        Decision<RoleChangeDecision> decision =
                DecisionRule.decide(FinishDecision.TABLE, FinishFacts.of(estate.state(cluster)));
        boolean isGo = decision.code() == DecisionCode.UPGRADE_READY;
        TABLE.recordRow(
                decision,
                isGo ? "raise the version" : "nothing is done",
                decision.then().exit(),
                decision.then().hint());
        return decision;
    }

    private void isRefused(DecisionCode code, ExitCode exit, String because) {
        Decision<RoleChangeDecision> decision = decided();
        assertThat(decision.code()).isEqualTo(code);
        assertThat(decision.then().exit()).isEqualTo(exit);
        assertThat(decision.because()).contains(because);
        assertThat(run().exit()).isEqualTo(exit);
        assertThat(estate.world.changes()).isEmpty();
    }

    private Runbook<MongoState> runbook() {
        return FinishOperation.of(Wanted.estate(cluster), cluster).runbook();
    }

    private RunbookOutcome run() {
        return new RunbookRunner(
                        estate.world, (kind, facts) -> {}, estate.world.now().plus(Duration.ofHours(1)))
                .run(List.of(runbook()))
                .get(0);
    }

    private List<String> raised() {
        return List.of("a1:27019", "a1:27018", "a2:27020").stream()
                .map(e -> mongo.at(e).set.compatibility.toString())
                .distinct()
                .toList();
    }

    @Test
    void a_whole_cluster_is_raised_and_a_second_run_finds_nothing_to_do() {
        stands();
        assertThat(decided().code()).isEqualTo(DecisionCode.UPGRADE_READY);
        assertThat(decided().because())
                .startsWith("all 11 servers run 8.2.0. This is the point of no return: afterwards only a restore");
        List<Step> steps = runbook().plan(estate.world).get(0).plan().steps();
        assertThat(steps).singleElement().satisfies(s -> {
            assertThat(s.title()).isEqualTo("Set feature compatibility version 8.2 on social");
            assertThat(s.because()).isEqualTo("the version is 8.0, desired 8.2");
            assertThat(s.risk()).isEqualTo(Step.Risk.DANGER);
        });
        assertThat(run().exit()).isEqualTo(ExitCode.DONE);
        assertThat(raised()).containsExactly("{version=8.2}");
        assertThat(decided().code()).isEqualTo(DecisionCode.UPGRADE_FINISHED);
        estate.world.forget();
        assertThat(run().exit()).isEqualTo(ExitCode.DONE);
        assertThat(estate.world.changes()).isEmpty();
    }

    /** A change that was interrupted has a target version; the same command continues. */
    @Test
    void a_change_that_has_not_ended_is_continued() {
        stands();
        mongo.at("a1:27018").set.compatibility = Map.of("version", "8.0", "targetVersion", "8.2");
        assertThat(decided().code()).isEqualTo(DecisionCode.UPGRADE_READY);
        assertThat(run().exit()).isEqualTo(ExitCode.DONE);
        assertThat(raised()).containsExactly("{version=8.2}");
    }

    @Test
    void one_shard_that_is_behind_is_not_finished() {
        stands();
        assertThat(run().exit()).isEqualTo(ExitCode.DONE);
        mongo.at("a2:27020").set.compatibility = Map.of("version", "8.0");
        assertThat(decided().code()).isEqualTo(DecisionCode.UPGRADE_READY);
        assertThat(run().exit()).isEqualTo(ExitCode.DONE);
        assertThat(raised()).containsExactly("{version=8.2}");
    }

    @Test
    void a_cluster_that_does_not_exist_is_refused() {
        isRefused(DecisionCode.CLUSTER_MISSING, ExitCode.REFUSED, "social does not exist");
    }

    @Test
    void a_server_that_does_not_answer_is_refused_as_unreachable() {
        stands();
        mongo.at("b1:27018").frozen = true;
        isRefused(DecisionCode.SERVER_SILENT, ExitCode.UNREACHABLE, "no answer from social/shard-a/b1 (");
    }

    @Test
    void a_host_that_does_not_answer_is_refused_as_unreachable() {
        stands();
        mongo.silentHosts.add("c1");
        isRefused(DecisionCode.SERVER_SILENT, ExitCode.UNREACHABLE, "social/config/c1 (");
    }

    @Test
    void a_set_without_a_primary_is_refused() {
        stands();
        mongo.kill("a1:27018");
        mongo.kill("b1:27018");
        isRefused(DecisionCode.SET_WITHOUT_PRIMARY, ExitCode.REFUSED, "social/shard-a has no primary");
    }

    @Test
    void a_member_that_does_not_run_is_refused() {
        stands();
        mongo.kill("b1:27018");
        isRefused(DecisionCode.MEMBERS_UNHEALTHY, ExitCode.REFUSED, "social/shard-a/b1 does not run");
    }

    @Test
    void a_shard_that_is_not_declared_is_refused() {
        stands();
        mongo.shards.add(Map.of("_id", "shard-x", "host", "shard-x/x1:27018", "state", 1));
        isRefused(DecisionCode.MEMBER_UNDECLARED, ExitCode.REFUSED, "shard shard-x");
    }

    @Test
    void servers_of_several_versions_are_refused() {
        stands();
        mongo.at("b1:27018").version = "8.0.4";
        isRefused(
                DecisionCode.VERSIONS_MIXED,
                ExitCode.REFUSED,
                "the servers run several versions: 8.0.4 (shard-a/b1), 8.2.0 (");
    }

    @Test
    void servers_that_all_still_run_another_program_are_refused() {
        stands();
        mongo.servers.values().forEach(s -> s.program = "/former/" + s.program);
        mongo.installedVersion = "8.3.0";
        isRefused(DecisionCode.VERSIONS_MIXED, ExitCode.REFUSED, "the running program is /former/");
    }

    @Test
    void a_member_whose_version_cannot_be_read_is_refused() {
        stands();
        mongo.at("a1:27018").set.compatibility = Map.of();
        isRefused(
                DecisionCode.SECRETS_UNKNOWN,
                ExitCode.REFUSED,
                "the feature compatibility version was not read on social/shard-a/a1");
    }

    /** Every login is refused, so no configuration can be read, and no member can be missing from it. */
    @Test
    void the_secrets_are_named_and_not_the_members_when_no_login_succeeds() {
        stands();
        mongo.refusesLogins = true;
        isRefused(
                DecisionCode.SECRETS_UNKNOWN,
                ExitCode.REFUSED,
                "the feature compatibility version was not read on social/config/a1");
    }
}
