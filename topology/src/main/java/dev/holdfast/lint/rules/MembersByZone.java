package dev.holdfast.lint.rules;

import dev.holdfast.model.Redundancy.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members by the zone of their host, without members of unknown zone. */
record MembersByZone(Map<String, List<Member>> members) {

    static MembersByZone of(List<Member> members) {
        Map<String, List<Member>> byZone = new LinkedHashMap<>();
        for (Member member : members) {
            String zone = member.node().host().zone();
            if (!zone.isEmpty()) {
                byZone.computeIfAbsent(zone, z -> new ArrayList<>()).add(member);
            }
        }
        return new MembersByZone(byZone);
    }

    /** Returns the only zone of all members; empty if they are in several zones or a zone is unknown. */
    static String only(List<Member> members) {
        MembersByZone zones = of(members);
        boolean all = zones.members().size() == 1
                && zones.members().values().iterator().next().size() == members.size();
        return all ? zones.members().keySet().iterator().next() : "";
    }
}
