package dev.holdfast.mongodb;

import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The last act: every member is at work, and what is declared no more has ended. */
final class Wholeness {

    private static final Duration INITIAL_SYNC = Duration.ofHours(12);

    private Wholeness() {}

    static Plan plan(MongoSeen seen) {
        List<Step> steps = new ArrayList<>();
        MongoUntil until = new MongoUntil(seen.logins());
        for (SetSeen set : seen.sets()) {
            List<String> lacking = lacking(set);
            if (!lacking.isEmpty()) {
                steps.add(
                        Step.on(ReplicaSets.lane(seen, set), "Wait until all members of " + set.name() + " are at work")
                                .because(String.join("; ", lacking))
                                .until(until.whole(set.wanted()), INITIAL_SYNC));
            }
        }
        return Plan.of(steps).and(Strays.plan(seen));
    }

    static List<String> lacking(SetSeen set) {
        if (set.primary().isPresent()) {
            return lacking(set.status(), set.config());
        }
        return List.of(set.isUntouched() ? "it is new" : "it has no primary");
    }

    /** Sentences about members that are not at work and voters that do not vote yet. */
    static List<String> lacking(Doc status, Doc config) {
        Map<String, Doc> members = new TreeMap<>();
        status.docs("members").forEach(m -> members.put(m.text("name"), m));
        List<String> lacking = new ArrayList<>();
        for (Doc member : config.docs("members")) {
            String host = member.text("host");
            Doc at = members.getOrDefault(host, Doc.EMPTY);
            long state = at.number("state");
            boolean works = member.is("arbiterOnly") ? state == 7 : state == 1 || state == 2;
            if (!works) {
                lacking.add(host + " is " + (at.isEmpty() ? "not seen" : at.text("stateStr")));
            }
        }
        long voters = config.docs("members").stream()
                .filter(m -> m.number("votes") > 0)
                .count();
        if (status.number("votingMembersCount") != voters) {
            lacking.add(status.number("votingMembersCount") + " of " + voters + " voters vote");
        }
        return lacking;
    }
}
