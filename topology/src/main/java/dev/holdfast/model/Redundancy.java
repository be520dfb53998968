package dev.holdfast.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a group lives through the loss of some of its nodes, in words that fit every engine.
 *
 * @param cluster the cluster's name
 * @param group the group's name inside the cluster
 * @param path where the group stands in the file, for {@link Topology#place}
 * @param form what the group needs to go on
 * @param members its nodes; where one is primary by declaration, that one first
 * @param copies on how many members a write is when it is acknowledged
 * @param mayWait whether writes stop when so many members are not there
 * @param waitsAfterFailover whether they also stop when a follower was promoted, until so many members are there again
 * @param election how long a lost primary goes unnoticed, where the group elects its own
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

    /** What a group needs to go on. */
    public enum QuorumModel {
        /** A majority of its voters, which elect a primary among themselves. */
        MAJORITY,
        /** Its primary, or a follower that is promoted in its place. */
        PRIMARY,
        /** Any one of its nodes. */
        ANY_ONE
    }

    /** What a member is to the others. */
    public enum MemberRole {
        /** Holds data, may become primary, and acknowledged writes are on so many of its kind. */
        AWAITED,
        /** Holds data and may become primary, but nothing waits for it. */
        FOLLOWER,
        /** Holds data; becomes primary only when a person asks for it, or never. */
        RESERVE,
        /** Holds no data. */
        WITNESS
    }

    /** One node and its part. */
    public record Member(Node node, MemberRole part, boolean votes) {

        public boolean holdsData() {
            return part != MemberRole.WITNESS;
        }
    }

    /** As users type it: {@code social/shard-a}. */
    public String id() {
        return cluster + "/" + group;
    }

    public List<Member> voters() {
        return members.stream().filter(Member::votes).toList();
    }

    /** How many voters a majority is. */
    public int majority() {
        return voters().size() / 2 + 1;
    }
}
