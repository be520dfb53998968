package dev.holdfast.mongodb.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.SecretRef;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import dev.holdfast.world.FakeWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The oplogs of a1, the primary, and b1, which was primary of another configuration. */
@Tag("unit")
class OplogDivergenceTest {

    private static final Credentials LOGIN = new Credentials("admin", new SecretRef("social/admin"), "admin");
    private static final long SECOND = 1_800_000_000L;

    private final MongoCluster cluster = Wanted.replicaSet("a1", "b1");
    private final List<Map<String, Object>> ofPrimary = new ArrayList<>();
    private final List<Map<String, Object>> ofMember = new ArrayList<>();

    private static Map<String, Object> entry(long second, String op, long hash) {
        return Map.of(
                "ts",
                Map.of("$timestamp", Map.of("t", SECOND + second, "i", 1)),
                "t",
                55,
                "op",
                op,
                "ns",
                op.equals("n") ? "" : "shop.orders",
                "hash",
                hash,
                "changes",
                1);
    }

    private NodeState state(String name) {
        ServerReply reply = new ServerReply(
                new MongoDocument(Map.of("setName", "rs")),
                LOGIN,
                MongoDocument.EMPTY,
                MongoDocument.EMPTY,
                "",
                MongoDocument.EMPTY,
                true,
                MongoDocument.EMPTY,
                "8.2.0",
                "");
        return new NodeState(
                cluster.sets().get(0).nodes().stream()
                        .filter(n -> n.name().equals(name))
                        .findFirst()
                        .orElseThrow(),
                new HostFacts(NodeAvailability.UP, DirectoryOwner.OURS, false, Map.of(), ""),
                HostFiles.Files.UNKNOWN,
                reply);
    }

    /** Newest first, as the servers answer. */
    private ActionResult answer(Action action) {
        boolean isPrimary = action.host().name().equals("a1");
        List<Map<String, Object>> oplog = isPrimary ? ofPrimary : ofMember;
        Map<String, Object> values = action.script().values();
        List<Map<String, Object>> found = switch (action.script().file()) {
            case "mongodb/oplog-newest.json" ->
                IntStream.range(0, oplog.size())
                        .mapToObj(i -> oplog.get(oplog.size() - 1 - i))
                        .filter(e -> second(e.get("ts")) < second(values.get("before")))
                        .toList();
            case "mongodb/oplog-common.json" ->
                oplog.stream()
                        .filter(e -> ((List<?>) values.get("stamps"))
                                .stream().anyMatch(stamp -> second(stamp) == second(e.get("ts"))))
                        .toList();
            default ->
                List.of(Map.of(
                        "changes",
                        oplog.stream()
                                .filter(e -> second(e.get("ts")) > second(values.get("after"))
                                        && !e.get("op").equals("n"))
                                .count()));
        };
        return ActionResult.ok(List.of(Map.of("cursor", Map.of("firstBatch", found))));
    }

    private static long second(Object stamp) {
        return MongoDocument.of(stamp).doc("$timestamp").number("t");
    }

    private Optional<OplogDivergence> compared() {
        return OplogDivergence.between(new FakeWorld().with((action, now) -> answer(action)), state("b1"), state("a1"));
    }

    private void both(Map<String, Object> entry) {
        ofPrimary.add(entry);
        ofMember.add(entry);
    }

    @Test
    void a_member_that_is_behind_has_no_divergence() {
        both(entry(1, "i", 11));
        ofPrimary.add(entry(2, "i", 12));
        assertThat(compared()).isEmpty();
    }

    @Test
    void operations_of_the_member_alone_are_counted_from_the_last_common_one() {
        both(entry(1, "i", 11));
        ofMember.add(entry(2, "i", 12));
        ofPrimary.add(entry(3, "i", 13));
        assertThat(compared()).hasValueSatisfying(d -> {
            assertThat(d.own()).isEqualTo(1);
            assertThat(d.others()).isEqualTo(1);
            assertThat(d.isHidden()).isFalse();
            assertThat(d.common()).isEqualTo(new OpTime(55, SECOND + 1, 1));
        });
    }

    /** A server without writes makes a no-op every 10 s: of two primaries with one term, two of them soon have one time. */
    @Test
    void an_equal_time_and_term_is_no_common_operation() {
        both(entry(1, "i", 11));
        ofMember.add(entry(2, "i", 12));
        ofPrimary.add(entry(3, "i", 13));
        ofMember.add(entry(10, "n", 20));
        ofPrimary.add(entry(10, "n", 21));
        assertThat(compared()).hasValueSatisfying(d -> {
            assertThat(d.own()).isEqualTo(1);
            assertThat(d.isHidden()).isTrue();
            assertThat(d.common()).isEqualTo(new OpTime(55, SECOND + 1, 1));
            assertThat(d.description()).contains("MongoDB does not find this difference");
        });
    }

    @Test
    void a_member_without_changes_of_its_own_would_lack_those_of_the_primary() {
        both(entry(1, "i", 11));
        ofPrimary.add(entry(3, "i", 13));
        ofMember.add(entry(10, "n", 20));
        ofPrimary.add(entry(10, "n", 21));
        assertThat(compared()).hasValueSatisfying(d -> {
            assertThat(d.own()).isZero();
            assertThat(d.isHidden()).isTrue();
        });
    }

    /** MongoDB has missed the difference, and the member has fetched later operations of the primary. */
    @Test
    void an_equal_operation_above_a_hidden_one_is_no_common_operation() {
        both(entry(1, "i", 11));
        ofMember.add(entry(2, "i", 12));
        ofPrimary.add(entry(3, "i", 13));
        ofMember.add(entry(10, "n", 20));
        ofPrimary.add(entry(10, "n", 21));
        both(entry(11, "i", 22));
        assertThat(compared()).hasValueSatisfying(d -> {
            assertThat(d.isHidden()).isTrue();
            assertThat(d.own()).isEqualTo(1);
            assertThat(d.others()).isEqualTo(2);
            assertThat(d.common()).isEqualTo(new OpTime(55, SECOND + 1, 1));
        });
        assertThat(newest()).isEqualTo(OplogDivergence.Newest.HIDDEN);
    }

    @Test
    void a_member_has_caught_up_when_the_primary_has_its_last_operation_with_the_same_contents() {
        both(entry(1, "i", 11));
        assertThat(newest()).isEqualTo(OplogDivergence.Newest.SHARED);
        ofPrimary.add(entry(3, "i", 13));
        assertThat(newest()).isEqualTo(OplogDivergence.Newest.SHARED);
        ofMember.add(entry(2, "i", 12));
        assertThat(newest()).isEqualTo(OplogDivergence.Newest.MISSING);
        ofPrimary.add(entry(2, "i", 14));
        assertThat(newest()).isEqualTo(OplogDivergence.Newest.HIDDEN);
    }

    private OplogDivergence.Newest newest() {
        return OplogDivergence.newest(
                new FakeWorld().with((action, now) -> answer(action)),
                state("b1").node(),
                state("a1").node(),
                LOGIN);
    }
}
