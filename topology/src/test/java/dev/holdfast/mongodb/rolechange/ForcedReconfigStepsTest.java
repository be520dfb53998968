package dev.holdfast.mongodb.rolechange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.SecretRef;
import dev.holdfast.mongodb.Stand;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.state.FailoverRecord;
import dev.holdfast.mongodb.state.HostFiles;
import dev.holdfast.mongodb.state.InstalledVersions;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.OplogDivergence;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.state.ServerReply;
import dev.holdfast.mongodb.state.ShardingState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import dev.holdfast.plan.Step;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A set of three of which a1 survives. */
@Tag("unit")
class ForcedReconfigStepsTest {

    private static final Credentials LOGIN = new Credentials("admin", new SecretRef("social/admin"), "admin");
    private static final Instant AT = Instant.ofEpochSecond(Stand.NOW + 30);
    private static final long VERSION = 7;

    private final Map<String, HostFacts> hosts = new HashMap<>();
    private final Map<String, MemberDirectoryState> traces = new HashMap<>();
    private final Map<String, MongoDocument> configurations = new HashMap<>();
    private final Set<String> outside = new HashSet<>();
    private Set<String> overrides = Set.of();
    private Optional<String> chosen = Optional.empty();
    private List<OplogDivergence> divergences = List.of();

    private static HostFacts host(NodeAvailability process, DirectoryOwner directoryOwner) {
        return new HostFacts(process, directoryOwner, false, Map.of(), "");
    }

    private static MongoDocument config(List<MemberStanding> members) {
        List<Map<String, Object>> documents = new ArrayList<>();
        for (MemberStanding member : members) {
            documents.add(Map.of(
                    "_id",
                    documents.size(),
                    "host",
                    member.node().endpoint(),
                    "priority",
                    1.0,
                    "votes",
                    1,
                    "tags",
                    Map.of("zone", member.name())));
        }
        return new MongoDocument(Map.of("_id", "rs", "version", VERSION, "term", 4, "members", documents));
    }

    private ForcedReconfigSteps steps(Stand... stands) {
        List<MemberStanding> members =
                Arrays.stream(stands).map(Stand::standing).toList();
        MongoDocument config = config(members);
        List<NodeState> nodes = members.stream()
                .map(m -> new NodeState(
                        m.node(),
                        hosts.getOrDefault(
                                m.name(),
                                host(m.isUp() ? NodeAvailability.UP : NodeAvailability.DOWN, DirectoryOwner.OURS)),
                        HostFiles.Files.UNKNOWN,
                        new ServerReply(
                                MongoDocument.EMPTY,
                                LOGIN,
                                MongoDocument.EMPTY,
                                MongoDocument.EMPTY,
                                "",
                                m.isUp() ? configurations.getOrDefault(m.name(), config) : MongoDocument.EMPTY,
                                true,
                                MongoDocument.EMPTY,
                                "8.2.0",
                                "")))
                .toList();
        MongoCluster cluster = Wanted.replicaSet("a1", "b1", "c1");
        ReplicaSetState set = ReplicaSetState.of(cluster.sets().get(0), nodes, List.of());
        MongoState mongo = new MongoState(
                AT,
                Wanted.estate(cluster),
                cluster,
                List.of(set),
                List.of(),
                ShardingState.NOTHING,
                List.of(),
                Map.of(),
                List.of(),
                InstalledVersions.UNASKED);
        Map<dev.holdfast.model.Node, MemberDirectoryState> byNode = new LinkedHashMap<>();
        members.forEach(m -> byNode.put(m.node(), traces.getOrDefault(m.name(), MemberDirectoryState.NONE)));
        FailoverFacts facts = new FailoverFacts(
                "social/rs",
                members.stream().filter(m -> !outside.contains(m.name())).toList(),
                VERSION,
                4,
                List.of(),
                List.of(),
                Optional.empty(),
                new RoleChangeRequest("", chosen, true, overrides),
                Duration.ofSeconds(10),
                AT,
                List.of(),
                List.of(),
                members.stream().filter(m -> outside.contains(m.name())).toList(),
                divergences);
        return new ForcedReconfigSteps(new RoleChangeState(mongo, byNode, List.of()), facts, LOGIN);
    }

    private static List<String> said(List<Step> steps) {
        return steps.stream()
                .flatMap(s -> s.actions().stream())
                .map(a -> a.host().name() + " " + a.script().file())
                .toList();
    }

    private static Object value(Step step, String name) {
        return step.actions().get(0).script().values().get(name);
    }

    @Test
    void lost_members_are_fenced_where_their_process_is_gone_and_the_failover_is_recorded_before_it_is_made() {
        List<Step> steps = steps(Stand.secondary("a1"), Stand.down("b1"), Stand.down("c1"))
                .fence()
                .steps();
        assertThat(said(steps))
                .containsExactly("b1 mongodb/fence.sh", "c1 mongodb/fence.sh", "a1 mongodb/record-failover.sh");
        assertThat(steps.get(0).risk()).isEqualTo(Step.Risk.DANGER);
        assertThat(value(steps.get(0), "force")).isEqualTo("no");
        assertThat(value(steps.get(0), "text")).isEqualTo(new FailoverRecord(AT, VERSION, "a1", 4).line());
        assertThat(value(steps.get(2), "text")).isEqualTo(value(steps.get(0), "text"));
    }

    @Test
    void a_process_that_may_still_run_is_ended_only_when_a_person_has_given_it_up() {
        hosts.put("b1", host(NodeAvailability.UP, DirectoryOwner.OURS));
        Stand[] members = {Stand.secondary("a1"), Stand.silent("b1"), Stand.down("c1")};
        assertThat(said(steps(members).fence().steps())).doesNotContain("b1 mongodb/fence.sh");
        overrides = Set.of("others-silent");
        List<Step> forced = steps(members).fence().steps();
        assertThat(said(forced)).startsWith("b1 mongodb/fence.sh");
        assertThat(value(forced.get(0), "force")).isEqualTo("yes");
    }

    private OplogDivergence diverged(boolean isHidden) {
        return new OplogDivergence(
                Stand.in("c1", "removed").standing().node(),
                Stand.primary("a1").standing().node(),
                new OpTime(2, 1, 1),
                1,
                1,
                new OpTime(4, 9, 1),
                isHidden,
                "");
    }

    /** c1 was primary in term 4 as well, of a configuration that a person forced: both can have other operations in it. */
    @Test
    void the_record_has_the_last_term_in_which_both_sides_have_the_same_operations() {
        outside.add("c1");
        chosen = Optional.of("c1");
        Stand[] members = {Stand.primary("a1"), Stand.down("b1"), Stand.in("c1", "removed")};
        divergences = List.of(diverged(true));
        assertThat(value(steps(members).fence().steps().get(0), "text").toString())
                .endsWith(" in term 2");
        divergences = List.of(diverged(false));
        assertThat(value(steps(members).fence().steps().get(0), "text").toString())
                .endsWith(" in term 4");
        divergences = List.of();
        assertThat(value(steps(members).fence().steps().get(0), "text").toString())
                .endsWith(" in term 0");
    }

    @Test
    void what_is_fenced_or_recorded_already_is_left_and_the_folder_of_another_is_not_touched() {
        FailoverRecord same = new FailoverRecord(AT.minusSeconds(60), VERSION, "a1", 4);
        FailoverRecord older = new FailoverRecord(AT.minusSeconds(9000), VERSION - 1, "a1", 4);
        traces.put(
                "b1", new MemberDirectoryState("by a failover", List.of(), Optional.empty(), List.of(), List.of(), ""));
        hosts.put("c1", host(NodeAvailability.DOWN, DirectoryOwner.FOREIGN));
        traces.put(
                "a1", new MemberDirectoryState("", List.of(older, same), Optional.empty(), List.of(), List.of(), ""));
        Stand[] members = {Stand.secondary("a1"), Stand.down("b1"), Stand.down("c1")};
        assertThat(steps(members).fence().steps()).isEmpty();
        traces.put("a1", new MemberDirectoryState("", List.of(older), Optional.empty(), List.of(), List.of(), ""));
        assertThat(said(steps(members).fence().steps())).containsExactly("a1 mongodb/record-failover.sh");
    }

    @Test
    void the_configuration_keeps_the_survivors_as_they_are_in_its_next_version() {
        List<Step> steps = steps(Stand.secondary("a1"), Stand.down("b1"), Stand.down("c1"))
                .force()
                .steps();
        assertThat(said(steps)).containsExactly("a1 mongodb/force-reconfig.json", "a1 mongodb/step-up.json");
        MongoDocument forced = MongoDocument.of(value(steps.get(0), "config"));
        assertThat(forced.number("version")).isEqualTo(VERSION + 1);
        assertThat(forced.docs("members")).hasSize(1);
        MongoDocument left = forced.docs("members").get(0);
        assertThat(left.text("host")).isEqualTo("a1:27017");
        assertThat(left.number("votes")).isEqualTo(1);
        assertThat(left.doc("tags").text("zone")).isEqualTo("a1");
        assertThat(steps.get(0).risk()).isEqualTo(Step.Risk.DANGER);
    }

    /** Another person has forced b1 alone, and c1 has learned that. a1 still has the older configuration, and gets the next one. */
    @Test
    void a_survivor_outside_the_newest_configuration_keeps_the_id_of_its_own() {
        MongoDocument alone = new MongoDocument(Map.of(
                "_id", "rs", "version", 24776, "members", List.of(Map.of("_id", 1, "host", "b1:27017", "votes", 1))));
        configurations.put("c1", alone);
        outside.addAll(List.of("a1", "c1"));
        List<Step> steps = steps(
                        Stand.secondary("a1"),
                        Stand.down("b1"),
                        Stand.in("c1", "removed").lag(30))
                .force()
                .steps();
        assertThat(said(steps)).startsWith("a1 mongodb/force-reconfig.json");
        MongoDocument forced = MongoDocument.of(value(steps.get(0), "config"));
        assertThat(forced.number("version")).isEqualTo(24777);
        assertThat(forced.docs("members"))
                .extracting(m -> m.text("host") + " " + m.number("_id"))
                .containsExactly("a1:27017 0");
    }

    @Test
    void the_survivor_that_has_most_is_elected() {
        List<Step> steps = steps(
                        Stand.secondary("a1").lag(9),
                        Stand.secondary("b1").lag(3),
                        Stand.down("c1"),
                        Stand.down("d1"),
                        Stand.down("e1"))
                .force()
                .steps();
        assertThat(said(steps)).containsExactly("b1 mongodb/force-reconfig.json", "b1 mongodb/step-up.json");
        assertThat(MongoDocument.of(value(steps.get(0), "config")).docs("members"))
                .extracting(m -> m.text("host"))
                .containsExactly("a1:27017", "b1:27017");
    }

    @Test
    void a_survivor_without_data_stays_without_a_vote() {
        List<Step> steps = steps(
                        Stand.secondary("a1"),
                        Stand.in("b1", "startup2"),
                        Stand.down("c1"),
                        Stand.down("d1"),
                        Stand.down("e1"))
                .force()
                .steps();
        List<MongoDocument> members =
                MongoDocument.of(value(steps.get(0), "config")).docs("members");
        assertThat(members).extracting(m -> m.number("votes")).containsExactly(1L, 0L);
        assertThat(members).extracting(m -> m.decimal("priority")).containsExactly(1.0, 0.0);
    }

    @Test
    void it_is_done_when_every_survivor_knows_the_smaller_configuration() {
        Step force = steps(
                        Stand.secondary("a1"),
                        Stand.secondary("b1"),
                        Stand.down("c1"),
                        Stand.down("d1"),
                        Stand.down("e1"))
                .force()
                .steps()
                .get(0);
        Map<String, Object> smaller =
                new HashMap<>(MongoDocument.of(value(force, "config")).fields());
        Map<String, Object> whole = Map.of("_id", "rs", "members", List.of());
        Map<String, Map<String, Object>> known = new HashMap<>(Map.of("a1", smaller, "b1", whole));
        FakeWorld world = new FakeWorld()
                .with((action, now) -> action.intent() == Action.Access.LOOK
                        ? ActionResult.ok(
                                List.of(Map.of("config", known.get(action.host().name()))))
                        : null);
        assertThat(force.until().look().at(world).holds()).isFalse();
        assertThat(force.until().look().at(world).observed()).contains("b1");
        known.put("b1", smaller);
        assertThat(force.until().look().at(world).holds()).isTrue();
    }
}
