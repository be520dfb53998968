package dev.holdfast.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The redundancy of a group, in terms that fit every engine.
 *
 * @param cluster the cluster's name
 * @param group the group's name inside the cluster
 * @param path the path of the group in the file, for {@link Topology#place}
 * @param form what the group needs to continue
 * @param members its nodes; a declared primary is the first
 * @param copies the number of members that have a write when it is acknowledged
 * @param mayWait whether writes stop while fewer members are available
 * @param waitsAfterFailover whether writes also stop after a promotion while fewer members are available
 * @param election the time until a lost primary is noticed, if the group replaces its primary by itself
 */
public record Redundancy(
        String cluster,
        String group,
        String path,
        QuorumModel form,
        List<Member> members,
        int copies,
        boolean mayWait,
        boolean waitsAfterFailover,
        Optional<Duration> election) {

    public Redundancy {
        members = List.copyOf(members);
    }

    public Redundancy(
            String cluster,
            String group,
            String path,
            QuorumModel form,
            List<Member> members,
            int copies,
            boolean mayWait,
            Optional<Duration> election) {
        this(cluster, group, path, form, members, copies, mayWait, mayWait, election);
    }

    /** The requirement of a group to continue. */
    public enum QuorumModel {
        /** A majority of its voters, which elect a primary. */
        MAJORITY,
        /** A majority of its voters, which hold no user data. */
        VOTES,
        /** Its primary, or a standby that is promoted. */
        PRIMARY,
        /** Any one of its nodes. */
        ANY_ONE
    }

    /** The role of a member in its group. */
    public enum MemberRole {
        /** Has data, can become primary, and counts for acknowledged writes. */
        AWAITED,
        /** Has data and can become primary, but no write waits for it. */
        FOLLOWER,
        /** Has data; becomes primary only on request, or never. */
        RESERVE,
        /** Has no data. */
        WITHOUT_DATA
    }

    /** One node and its role. */
    public record Member(Node node, MemberRole role, boolean votes) {

        public boolean holdsData() {
            return role != MemberRole.WITHOUT_DATA;
        }
    }

    /** Returns the name as in commands: {@code social/shard-a}. */
    public String id() {
        return cluster + "/" + group;
    }

    public List<Member> voters() {
        return members.stream().filter(Member::votes).toList();
    }

    /** Returns the number of voters in a majority. */
    public int majority() {
        return voters().size() / 2 + 1;
    }
}
