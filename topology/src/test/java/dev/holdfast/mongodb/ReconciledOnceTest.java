package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.SecretRef;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.User;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.RunbookOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each kind of difference takes one apply; the plan after it is empty. */
@Tag("unit")
class ReconciledOnceTest {

    private final FakeEstate estate = new FakeEstate();
    private final FakeMongo mongo = estate.mongo;
    private final MongoCluster set = Wanted.replicaSet("a1", "b1", "c1");

    private void applied(MongoCluster cluster) {
        RunbookOutcome outcome = estate.apply(cluster);
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(ExitCode.DONE);
        assertThat(estate.titles(cluster)).isEmpty();
    }

    private FakeSet found() {
        return mongo.at("a1:27017").set;
    }

    private List<Refusal> missing(MongoCluster cluster) {
        return estate.plan(cluster).stream()
                .flatMap(p -> p.plan().missing().stream())
                .toList();
    }

    @Test
    void a_role_granted_manually_is_revoked() {
        applied(set);
        found().users
                .put(
                        "app",
                        new FakeSet.User(
                                new SecretRef("social/app"), Set.of("readWrite@shop", "clusterMonitor@admin")));
        assertThat(estate.titles(set)).containsExactly("Update user app on rs");
        applied(set);
        assertThat(found().users.get("app").roles()).containsExactly("readWrite@shop");
    }

    @Test
    void users_lose_the_login_by_sha_1_and_keep_their_password() {
        applied(set);
        FakeSet.User before = found().users.get("app");
        found().users.replaceAll((name, user) -> user.withEveryMechanism());
        assertThat(estate.titles(set)).containsExactly("Update user holdfast on rs", "Update user app on rs");
        applied(set);
        assertThat(found().users.values())
                .allSatisfy(u -> assertThat(u.mechanisms()).containsExactly("SCRAM-SHA-256"));
        assertThat(found().users.get("app")).isEqualTo(before);
    }

    @Test
    void a_user_who_may_log_in_from_elsewhere_only_is_not_called_wrong_and_others_are_made() {
        applied(set);
        found().users.put("app", new FakeSet.User(new SecretRef("social/app"), Set.of("readWrite@shop"), true));
        MongoCluster two = Wanted.users(
                set,
                new User("app", new SecretRef("social/app"), List.of("readWrite@shop")),
                new User("rep", new SecretRef("social/rep"), List.of("read@shop")));
        assertThat(estate.titles(two)).containsExactly("Create user rep on rs");
        assertThat(estate.notes(two)).anyMatch(n -> n.contains("the password of app cannot be checked from here"));
        applied(two);

        found().users.put("app", new FakeSet.User(new SecretRef("social/app"), Set.of("read@shop"), true));
        found().users.remove("rep");
        assertThat(estate.titles(two)).containsExactly("Update user app on rs", "Create user rep on rs");
    }

    @Test
    void a_running_member_resizes_its_oplog_without_a_restart() {
        applied(Wanted.oplog(set, 1200));
        MongoCluster larger = Wanted.oplog(set, 1500);
        assertThat(estate.titles(larger)).hasSize(3).allMatch(t -> t.startsWith("Set the oplog size on social/rs/"));
        applied(larger);
        applied(set);

        MongoCluster tooSmall = Wanted.oplog(set, 500);
        assertThat(estate.titles(tooSmall)).isEmpty();
        assertThat(missing(tooSmall))
                .hasSize(3)
                .allMatch(r -> r.exit() == ExitCode.REFUSED && r.what().contains("990 MB"));
    }

    @Test
    void tags_that_a_write_concern_mode_needs_are_refused_and_the_rest_is_done() {
        MongoCluster tagged = Wanted.with(set, 0, m -> Wanted.tagged(m, Map.of("region", "us")));
        tagged = Wanted.with(tagged, 1, m -> Wanted.tagged(m, Map.of("region", "eu")));
        applied(tagged);
        Map<String, Object> config = new LinkedHashMap<>(found().config.fields());
        Map<String, Object> settings =
                new LinkedHashMap<>(found().config.doc("settings").fields());
        settings.put("getLastErrorModes", Map.of("everywhere", Map.of("region", 2)));
        config.put("settings", settings);
        found().config = new MongoDocument(config);
        assertThat(estate.titles(tagged)).isEmpty();
        assertThat(missing(tagged)).isEmpty();

        assertThat(estate.titles(set)).isEmpty();
        assertThat(missing(set)).singleElement().satisfies(r -> {
            assertThat(r.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(r.what())
                    .contains("everywhere needs 2 values of the tag region")
                    .contains("have 0");
            assertThat(r.hint()).contains("tags: { region: us }");
        });
        assertThat(estate.apply(set).exit()).isEqualTo(ExitCode.REFUSED);
        MongoCluster preferred = Wanted.with(set, 0, m -> Wanted.priority(m, 2));
        assertThat(estate.titles(preferred)).containsExactly("Reconfigure rs");
        assertThat(estate.apply(preferred).exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(estate.titles(preferred)).isEmpty();
    }
}
