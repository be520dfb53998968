package dev.holdfast.mongodb.state;

import dev.holdfast.mongodb.value.MongoDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Describes which members of a set are not healthy, and why. */
public final class MemberHealth {

    private MemberHealth() {}

    /** Returns sentences about the defects of a set; empty if all members are healthy. */
    public static List<String> lacking(ReplicaSetState set) {
        if (set.primary().isPresent()) {
            return lacking(set.status(), set.config());
        }
        return List.of(set.isUntouched() ? "the set is new" : "the set has no primary");
    }

    /** Returns sentences about members that are not healthy and voters that do not vote yet. */
    public static List<String> lacking(MongoDocument status, MongoDocument config) {
        Map<String, MongoDocument> members = new TreeMap<>();
        status.docs("members").forEach(m -> members.put(m.text("name"), m));
        List<String> lacking = new ArrayList<>();
        for (MongoDocument member : config.docs("members")) {
            String host = member.text("host");
            MongoDocument at = members.getOrDefault(host, MongoDocument.EMPTY);
            long state = at.number("state");
            boolean works = member.is("arbiterOnly") ? state == 7 : state == 1 || state == 2;
            if (!works) {
                lacking.add(host + (at.isEmpty() ? " is not observed" : " has the state " + at.text("stateStr")));
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
