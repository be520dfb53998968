package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.mongodb.rolechange.FailoverDecision;
import dev.holdfast.mongodb.rolechange.FailoverFacts;
import dev.holdfast.mongodb.rolechange.MemberStanding;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision.Kind;
import dev.holdfast.mongodb.state.FailoverRecord;
import dev.holdfast.mongodb.state.PeerObservation;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every combination of three members, before and after a forced failover: each has a way out, and none goes in a circle. */
@Tag("unit")
class StateTableTest {

    private static final Instant AT = Instant.ofEpochSecond(Stand.NOW + 30);
    private static final List<String> STATES = List.of("primary", "secondary", "startup2", "down", "silent", "seen");

    private static Stand stand(String name, String state) {
        return switch (state) {
            case "down" -> Stand.down(name);
            case "silent", "seen" -> Stand.silent(name);
            default -> Stand.in(name, state);
        };
    }

    private static Decision<RoleChangeDecision> decided(
            List<String> states, Optional<FailoverRecord> last, RoleChangeRequest request) {
        List<MemberStanding> members = new ArrayList<>();
        List<PeerObservation> state = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            String name = "m" + i;
            members.add(stand(name, states.get(i)).standing());
            if (states.get(i).equals("seen")) {
                state.add(new PeerObservation("router r", name + ":27017", false));
            }
        }
        Duration timeout = Duration.ofSeconds(10);
        FailoverFacts facts = new FailoverFacts(
                "social/rs",
                members,
                7,
                4,
                List.of(),
                state,
                last,
                request,
                timeout,
                AT,
                List.of(),
                List.of(),
                List.of(),
                List.of());
        return DecisionRule.decide(FailoverDecision.TABLE, facts);
    }

    private static List<List<String>> all() {
        List<List<String>> all = new ArrayList<>();
        for (String a : STATES) {
            for (String b : STATES) {
                for (String c : STATES) {
                    all.add(List.of(a, b, c));
                }
            }
        }
        return all;
    }

    private static List<Optional<FailoverRecord>> records() {
        return List.of(
                Optional.empty(),
                Optional.of(new FailoverRecord(AT.minusSeconds(60), 3, "m0", FailoverRecord.UNKNOWN)));
    }

    @Test
    void the_page_has_a_command_for_every_state_and_phase() {
        List<String> rows = FailoverStateRow.all().stream()
                .map(r -> r.members() + " " + r.failover())
                .toList();
        List<String> desired = new ArrayList<>();
        for (FailoverStateRow.Members members : FailoverStateRow.Members.values()) {
            boolean isAfter = members.name().startsWith("SURVIVOR");
            boolean isMajority = members.name().startsWith("MOST");
            boolean isFrozen = members == FailoverStateRow.Members.MOST_FROZEN; // a failover has ended those
            if (!isAfter) {
                desired.add(members + " NO");
            }
            if (isMajority && !isFrozen && members != FailoverStateRow.Members.MOST_GONE) {
                desired.add(members + " BEGUN");
            }
            if (isAfter || isMajority && !isFrozen) {
                desired.add(members + " DONE");
            }
        }
        assertThat(rows).containsExactlyInAnyOrderElementsOf(desired);
        assertThat(FailoverStateRow.all())
                .allSatisfy(r -> assertThat(r.ways()).isNotEmpty().doesNotContain(List.of()));
    }

    @Test
    void every_state_has_a_way_out() {
        for (List<String> states : all()) {
            for (Optional<FailoverRecord> last : records()) {
                Decision<RoleChangeDecision> asked =
                        decided(states, last, new RoleChangeRequest("", Optional.empty(), false, Set.of()));
                assertThat(asked.because()).as(states.toString()).isNotBlank();
                if (asked.then().kind() == Kind.REFUSED) {
                    assertThat(asked.then().hint())
                            .as(states.toString())
                            .containsPattern("holdfast |--accept-data-loss|--override=|--to|steps down within|reach");
                }
                Set<String> codes = Set.of("others-silent", "failover-again");
                Decision<RoleChangeDecision> insisted =
                        decided(states, last, new RoleChangeRequest("", Optional.empty(), true, codes));
                boolean electable = states.contains("secondary");
                boolean waits = states.contains("seen") || states.contains("primary");
                if (electable && !waits) {
                    assertThat(insisted.then().kind()).as(states.toString()).isNotEqualTo(Kind.REFUSED);
                }
            }
        }
    }

    @Test
    void nothing_is_forced_without_consent_or_past_a_member_that_is_observed() {
        for (List<String> states : all()) {
            for (Optional<FailoverRecord> last : records()) {
                Set<String> codes = Set.of("others-silent", "failover-again");
                Kind without = decided(states, last, new RoleChangeRequest("", Optional.empty(), false, codes))
                        .then()
                        .kind();
                assertThat(without).as(states.toString()).isNotEqualTo(Kind.GO);
                if (states.contains("seen")) {
                    Kind with = decided(states, last, new RoleChangeRequest("", Optional.empty(), true, codes))
                            .then()
                            .kind();
                    assertThat(with).as(states.toString()).isNotEqualTo(Kind.GO);
                }
            }
        }
    }
}
