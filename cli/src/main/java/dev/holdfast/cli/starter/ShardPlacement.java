package dev.holdfast.cli.starter;

import java.util.ArrayList;
import java.util.List;

/**
 * Places the three members of each set of a sharded cluster: in three zones where there are three, and the shards on different
 * hosts as far as there are enough.
 *
 * @param zones the names of the hosts by zone; at least three hosts
 */
record ShardPlacement(List<List<String>> zones) {

    private static final int MEMBERS = 3;

    /** Returns the hosts of the set with this number, counted from 0. */
    List<String> voters(int number) {
        List<String> members = new ArrayList<>();
        for (int round = 0; members.size() < MEMBERS; round++) {
            List<String> zone = zones.get(round % zones.size());
            String member = zone.get((number + round / zones.size()) % zone.size());
            if (!members.contains(member)) {
                members.add(member);
            }
        }
        return members;
    }
}
