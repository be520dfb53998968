package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A catch-up of a new primary that never ends, on real servers. */
@Tag("real")
class CatchUpTest {

    /** The former primary is frozen, so that the catch-up of the next one waits for it; then a configuration without it is forced. */
    @Test
    void a_member_that_was_elected_and_accepts_no_write_gets_an_end_of_its_catch_up() throws Exception {
        try (RealEstate estate = RealEstate.ofText(DataAtRiskTest.SET)) {
            Ended applied = estate.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            RealSet set = new RealSet(estate, "db/rs");
            String old = set.awaitPrimary();
            Map<String, Client> others = new HashMap<>();
            for (String member : List.of("db/rs/a1", "db/rs/b1", "db/rs/c1")) {
                if (!member.equals(old)) {
                    others.put(member, Client.admin(estate, "db", set.endpoint(member)));
                }
            }
            String elected = forcedInCatchUp(set, old, others);
            others.values().forEach(Client::close);
            set.kill(old);
            Patience.until(
                    "the plan ends the catch-up",
                    Duration.ofSeconds(180),
                    () -> estate.run("plan").out().contains("End the catch-up of " + RealSet.member(elected)));
            Ended refused = estate.run("failover", "db/rs", "--yes");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err())
                    .contains(RealSet.member(elected) + " was elected ")
                    .contains("the catch-up does not end")
                    .contains("holdfast apply ends the catch-up");
            Patience.until(
                    "apply has reached the declared state",
                    Duration.ofSeconds(300),
                    () -> estate.run("apply", "--yes").exit() == 0);
            assertThat(set.awaitPrimary()).isNotEmpty();
            assertThat(estate.run("plan", "--detailed-exitcode").exit()).isZero();
        }
    }

    /** Returns the member that was elected, after a configuration with it alone was forced during its catch-up. */
    private static String forcedInCatchUp(RealSet set, String old, Map<String, Client> others) throws Exception {
        set.signal(old, "STOP");
        String[] elected = {""};
        Patience.until(
                () -> "a member is in its catch-up",
                Duration.ofSeconds(120),
                Duration.ofMillis(5),
                () -> others.entrySet().stream().anyMatch(m -> {
                    elected[0] = m.getKey();
                    return isInCatchUp(m.getValue());
                }));
        Client client = others.get(elected[0]);
        Document config = client.config();
        String own = client.admin("{hello: 1}").getString("me");
        config.put(
                "members",
                config.getList("members", Document.class).stream()
                        .filter(m -> m.getString("host").equals(own))
                        .toList());
        config.put("version", config.getInteger("version") + 1);
        client.admin("{replSetReconfig: " + config.toJson() + ", force: true}");
        return elected[0];
    }

    private static boolean isInCatchUp(Client member) {
        return member.admin("{replSetGetStatus: 1}").getInteger("myState") == 1
                && !member.admin("{hello: 1}").getBoolean("isWritablePrimary");
    }
}
