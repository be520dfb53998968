package dev.holdfast.mongodb.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.mongodb.replicaset.ReconfigPath.Kind;
import dev.holdfast.mongodb.replicaset.ReconfigPath.Reconfig;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class ReconfigPathTest {

    private static MemberShape member(String host) {
        return new MemberShape(host, 1, 1, false, false, 0, Map.of());
    }

    private static MemberShape passive(String host) {
        return new MemberShape(host, 0, 0, true, false, 0, Map.of());
    }

    private static ReplicaSetConfig set(MemberShape... members) {
        return new ReplicaSetConfig("rs", List.of(members), 10_000, 2_000);
    }

    private static ReplicaSetConfig set(String... hosts) {
        return new ReplicaSetConfig(
                "rs",
                java.util.Arrays.stream(hosts).map(ReconfigPathTest::member).toList(),
                10_000,
                2_000);
    }

    private static List<String> way(
            ReplicaSetConfig state, ReplicaSetConfig desired, Set<String> dead, String primary) {
        return ReconfigPath.from(state, desired, dead, primary).stream()
                .map(s -> s.kind() + " " + s.member())
                .toList();
    }

    @Test
    void nothing_to_do_is_no_way_at_all() {
        assertThat(way(set("a", "b", "c"), set("c", "b", "a"), Set.of(), "a")).isEmpty();
    }

    /** The server refuses the other way with code 103. */
    @Test
    void a_second_voter_next_to_an_arbiter_votes_before_it_can_become_primary() {
        MemberShape arbiter = new MemberShape("c", 0, 1, false, true, 0, Map.of());
        ReplicaSetConfig desired = set(member("a"), member("b"), arbiter);
        List<Reconfig> joins = ReconfigPath.from(set(member("a"), arbiter), desired, Set.of(), "a");
        assertThat(joins).extracting(Reconfig::kind).containsExactly(Kind.JOIN, Kind.CHANGE);
        assertThat(joins.get(0).shape().members())
                .anyMatch(m -> m.host().equals("b") && m.priority() == 0 && m.votes() == 1);
        assertThat(joins.get(1).shape().members()).anyMatch(m -> m.host().equals("b") && m.priority() == 1);
        MemberShape withoutVote = new MemberShape("b", 0, 0, false, false, 0, Map.of());
        assertThat(way(set(member("a"), withoutVote, arbiter), desired, Set.of(), "a"))
                .containsExactly("CHANGE b", "CHANGE ");
        assertThat(way(set("a", "c"), set("a", "b", "c"), Set.of(), "a")).containsExactly("JOIN b");
    }

    @Test
    void priorities_of_all_members_change_at_once_and_report_what_they_were() {
        MemberShape three = new MemberShape("b", 3, 1, false, false, 0, Map.of("dc", "x"));
        List<Reconfig> way = ReconfigPath.from(
                set("a", "b", "c"),
                new ReplicaSetConfig("rs", List.of(member("a"), three, member("c")), 5_000, 2_000),
                Set.of(),
                "a");
        assertThat(way).hasSize(1);
        assertThat(way.get(0).because())
                .isEqualTo("electionTimeoutMillis is 10000, desired 5000; "
                        + "b: tags is {}, desired {dc=x}; b: priority is 1.0, desired 3.0");
        assertThat(way.get(0).kind()).isEqualTo(Kind.TAKEOVER);
    }

    @Test
    void a_priority_above_that_of_the_primary_comes_last_because_it_moves_the_primary() {
        MemberShape preferred = member("d").withPriority(5);
        List<Reconfig> way =
                ReconfigPath.from(set("a", "b", "c"), set(member("a"), member("b"), preferred), Set.of(), "a");
        assertThat(way).extracting(r -> r.kind() + " " + r.member()).containsExactly("JOIN d", "LEAVE c", "TAKEOVER ");
        assertThat(ReconfigPath.preferred(way.get(1).shape(), Set.of())).contains("a");
        assertThat(ReconfigPath.preferred(way.get(2).shape(), Set.of())).containsExactly("d");
    }

    @Test
    void a_lower_priority_of_the_primary_moves_it_too_and_a_lower_one_of_a_secondary_does_not() {
        assertThat(way(set(member("a").withPriority(2), member("b")), set("a", "b"), Set.of(), "a"))
                .containsExactly("CHANGE ");
        assertThat(way(
                        set(member("a").withPriority(3), member("b").withPriority(2)),
                        set(member("a"), member("b").withPriority(2)),
                        Set.of(),
                        "a"))
                .containsExactly("TAKEOVER ");
        assertThat(way(
                        set(member("a"), member("b"), member("c")),
                        set(member("a"), member("b").withPriority(0.5), member("c")),
                        Set.of(),
                        "a"))
                .containsExactly("CHANGE ");
    }

    @Test
    void the_dead_leave_first_the_living_last() {
        assertThat(way(set("a", "b", "c", "d"), set("a", "b", "e"), Set.of("c"), "a"))
                .containsExactly("LEAVE c", "JOIN e", "LEAVE d");
    }

    @Test
    void votes_change_one_member_at_a_time() {
        assertThat(way(set("a", "b", "c"), set(member("a"), passive("b"), passive("c")), Set.of(), "a"))
                .containsExactly("CHANGE b", "CHANGE c");
    }

    @Test
    void a_primary_that_must_go_steps_down_last() {
        assertThat(way(set("a", "b", "c"), set("b", "c", "d"), Set.of(), "a")).containsExactly("JOIN d", "STEP_DOWN a");
        assertThat(way(set("a", "b", "c"), set(passive("a"), member("b"), member("c")), Set.of(), "a"))
                .containsExactly("STEP_DOWN a");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void no_two_configurations_on_any_way_differ_by_more_than_one_voter(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            ReplicaSetConfig state = random(random);
            ReplicaSetConfig desired = random(random);
            String primary = state.members().stream()
                    .filter(m -> m.priority() > 0)
                    .findFirst()
                    .orElseThrow()
                    .host();
            Set<String> dead = state.members().stream()
                    .map(MemberShape::host)
                    .filter(h -> !h.equals(primary) && random.nextInt(4) == 0)
                    .collect(Collectors.toSet());
            check(state, desired, primary, ReconfigPath.from(state, desired, dead, primary));
        }
    }

    private static ReplicaSetConfig random(Random random) {
        List<MemberShape> members = new ArrayList<>();
        for (String host : List.of("a", "b", "c", "d", "e", "f")) {
            if (members.isEmpty() || random.nextBoolean()) {
                members.add(members.isEmpty() || random.nextInt(3) > 0 ? member(host) : passive(host));
            }
        }
        return set(members.toArray(MemberShape[]::new));
    }

    private static void check(ReplicaSetConfig state, ReplicaSetConfig desired, String primary, List<Reconfig> way) {
        ReplicaSetConfig at = state;
        boolean stepsDown = false;
        for (Reconfig stretch : way) {
            Set<String> before = voters(at);
            Set<String> after = voters(stretch.shape());
            Set<String> changed = new HashSet<>(before);
            changed.addAll(after);
            changed.removeIf(v -> before.contains(v) && after.contains(v));
            assertThat(changed).as(state + " to " + desired).hasSizeLessThan(2);
            assertThat(stretch.shape().members())
                    .as("the primary stays electable")
                    .anyMatch(m -> m.host().equals(primary) && m.priority() > 0);
            at = stretch.shape();
            stepsDown |= stretch.kind() == Kind.STEP_DOWN;
        }
        if (!stepsDown) {
            assertThat(Set.copyOf(at.members())).isEqualTo(Set.copyOf(desired.members()));
        }
    }

    private static Set<String> voters(ReplicaSetConfig shape) {
        return shape.members().stream()
                .filter(m -> m.votes() > 0)
                .map(MemberShape::host)
                .collect(Collectors.toSet());
    }
}
