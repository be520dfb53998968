package dev.holdfast.mongodb.simulation;

import dev.holdfast.mongodb.simulation.MemberConfig.Entry;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The members of a replica set, and what they do without anyone: heartbeats, elections, replication and rollback.
 *
 * <p>Each member has its own configuration, term and oplog. A newer configuration spreads by heartbeats, also to members that
 * it leaves out. A voter votes for a candidate whose configuration and last operation are not older than its own; a voter
 * without data has none. A member that follows a primary rolls back what the primary lacks, and ends when it would have to
 * roll back what it knows as committed.
 */
final class SimulatedSet {

    private static final Duration SYNC = Duration.ofSeconds(2);
    /** A member is secondary for a moment before its rollback begins. */
    private static final Duration BEFORE_ROLLBACK = Duration.ofSeconds(1);
    /** The time after which a member with a higher priority takes over. */
    private static final Duration TAKEOVER = Duration.ofSeconds(10);

    private static final int FORCED_JUMP = 10_000;

    final Map<String, ReplicaMember> members = new LinkedHashMap<>();
    /** Hosts that reach no other host. */
    final Set<String> isolated = new HashSet<>();
    /** Pairs of hosts that do not reach each other, each as FIRST-SECOND. */
    final Set<String> parted = new HashSet<>();

    final Set<String> users = new HashSet<>();
    final Map<String, Object> concerns = new LinkedHashMap<>();
    private final SetObserver observer;
    private long increment;

    SimulatedSet(SetObserver observer) {
        this.observer = observer;
    }

    void like(SimulatedSet other) {
        members.forEach((host, member) -> member.like(other.members.get(host)));
        users.addAll(other.users);
        concerns.putAll(other.concerns);
        increment = other.increment;
    }

    ReplicaMember named(String name) {
        for (ReplicaMember member : members.values()) {
            if (member.name.equals(name)) {
                return member;
            }
        }
        throw new IllegalArgumentException("no member " + name);
    }

    List<ReplicaMember> primaries() {
        return members.values().stream().filter(m -> m.isUp() && m.isPrimary).toList();
    }

    boolean isLinked(ReplicaMember a, ReplicaMember b) {
        return a == b
                || a.isAlive()
                        && b.isAlive()
                        && !isolated.contains(a.name)
                        && !isolated.contains(b.name)
                        && !parted.contains(a.name + "-" + b.name)
                        && !parted.contains(b.name + "-" + a.name);
    }

    /** Lets everything happen that is due. */
    void settle(Instant now) {
        int rounds = 0;
        while (spread(now) && rounds++ < members.size() * 2) {
            // a configuration can pass through several members
        }
        members.values().forEach(m -> stepDownWithoutMajority(m, now));
        for (ReplicaMember member : members.values()) {
            if (member.isAlive() && leader(member) != null) {
                member.waitForPrimary(now);
            }
        }
        for (ReplicaMember member : members.values()) {
            if (!now.isBefore(member.electionDue) && leader(member) == null && isEligible(member, now)) {
                elect(member, now);
            }
        }
        members.values().forEach(m -> replicate(m, now));
        members.values().forEach(this::commit);
        members.values().forEach(m -> admit(m, now));
        members.values().forEach(m -> takeOver(m, now));
        members.values().stream()
                .filter(ReplicaMember::isUp)
                .forEach(m -> m.loggedTerm = Math.max(m.loggedTerm, m.term));
    }

    // ---- heartbeats

    private boolean spread(Instant now) {
        boolean isChanged = false;
        for (ReplicaMember member : members.values()) {
            for (ReplicaMember peer : members.values()) {
                if (member != peer && peer.config != null && isLinked(member, peer) && know(member, peer)) {
                    isChanged |= hear(member, peer, now);
                }
            }
        }
        return isChanged;
    }

    private static boolean know(ReplicaMember member, ReplicaMember peer) {
        return member.config != null && member.config.names(peer.endpoint) || peer.config.names(member.endpoint);
    }

    private boolean hear(ReplicaMember member, ReplicaMember peer, Instant now) {
        boolean isChanged = false;
        if (peer.config.isNewerThan(member.config)) {
            adopt(member, peer.config, now);
            isChanged = true;
        }
        if (peer.term > member.term && peer.isMember() && member.isMember()) {
            member.term = peer.term;
            member.isPrimary = false;
            isChanged = true;
        }
        member.positions.put(peer.endpoint, peer.last());
        return isChanged;
    }

    private static void adopt(ReplicaMember member, MemberConfig config, Instant now) {
        boolean isFirst = member.config == null;
        member.config = config;
        if (isFirst) {
            member.isSyncing = !member.isArbiter;
            member.since = now;
            member.waitForPrimary(now);
        }
        if (member.isRemoved()) {
            member.isPrimary = false;
        }
    }

    /** Returns the primary that a member sees. */
    ReplicaMember leader(ReplicaMember member) {
        if (!member.isMember()) {
            return null;
        }
        ReplicaMember best = null;
        for (ReplicaMember peer : members.values()) {
            boolean isSeen = peer.isPrimary && member.config.names(peer.endpoint) && isLinked(member, peer);
            if (isSeen && peer.term >= member.term && (best == null || peer.term > best.term)) {
                best = peer;
            }
        }
        return best;
    }

    private int reachedVoters(ReplicaMember member) {
        int reached = 0;
        for (ReplicaMember peer : members.values()) {
            if (member.config.votes(peer.endpoint) && isLinked(member, peer) && peer.config != null) {
                reached++;
            }
        }
        return reached;
    }

    private void stepDownWithoutMajority(ReplicaMember member, Instant now) {
        if (!member.isPrimary || !member.isAlive()) {
            return;
        }
        if (reachedVoters(member) >= member.config.majority()) {
            member.majorityAt = now;
        } else if (now.isAfter(member.majorityAt.plusMillis(member.config.electionMillis()))) {
            member.isPrimary = false;
            member.waitForPrimary(now);
        }
    }

    // ---- elections

    private boolean isEligible(ReplicaMember member, Instant now) {
        if (!member.isAlive() || !member.holdsData() || member.isPrimary || now.isBefore(member.frozenUntil)) {
            return false;
        }
        Entry entry = member.config.entry(member.endpoint);
        return member.config.votes(entry) && entry.priority() > 0;
    }

    /** Returns whether a member wins an election now. */
    boolean elect(ReplicaMember member, Instant now) {
        if (!isEligible(member, now)) {
            return false;
        }
        List<ReplicaMember> granted = new ArrayList<>();
        for (ReplicaMember voter : members.values()) {
            if (member.config.votes(voter.endpoint) && grants(voter, member)) {
                granted.add(voter);
            }
        }
        if (granted.size() < member.config.majority()) {
            return false;
        }
        long term = member.term + 1;
        for (ReplicaMember voter : granted) {
            voter.term = term;
            voter.isPrimary = false;
        }
        catchUp(member, now);
        member.isPrimary = true;
        member.primarySince = now;
        member.majorityAt = now;
        if (member.config.term() != MemberConfig.FORCED) {
            member.config = member.config.at(member.config.version(), term, member.config.fresh());
        }
        observer.elected(member);
        write(member, 0, now);
        return true;
    }

    private boolean grants(ReplicaMember voter, ReplicaMember candidate) {
        return voter == candidate
                || isLinked(voter, candidate)
                        && voter.isMember()
                        && voter.term <= candidate.term
                        && !voter.config.isNewerThan(candidate.config)
                        && voter.last().compareTo(candidate.last()) <= 0;
    }

    /** A new primary takes what members that it reaches have beyond its own operations. */
    private void catchUp(ReplicaMember member, Instant now) {
        for (ReplicaMember peer : members.values()) {
            boolean isAhead = peer.holdsData()
                    && isLinked(member, peer)
                    && !member.isStalled
                    && member.config.names(peer.endpoint)
                    && peer.oplog.size() > member.oplog.size();
            if (isAhead && member.shared(peer) == member.oplog.size()) {
                member.oplog.addAll(peer.oplog.subList(member.oplog.size(), peer.oplog.size()));
                member.written = now;
            }
        }
    }

    /** Adds an operation of a primary. */
    OplogEntry write(ReplicaMember primary, int number, Instant now) {
        OplogEntry entry = new OplogEntry(new OpTime(primary.term, now.getEpochSecond(), ++increment), number);
        primary.append(entry, now);
        return entry;
    }

    private void takeOver(ReplicaMember member, Instant now) {
        ReplicaMember leader = leader(member);
        if (leader == null || leader == member || !isEligible(member, now)) {
            return;
        }
        double lead = leader.config.entry(leader.endpoint).priority();
        boolean isDue = !now.isBefore(leader.primarySince.plus(TAKEOVER));
        if (isDue
                && member.config.entry(member.endpoint).priority() > lead
                && member.last().equals(leader.last())) {
            elect(member, now);
        }
    }

    // ---- replication

    private void replicate(ReplicaMember member, Instant now) {
        if (!member.isAlive() || !member.isMember() || member.isArbiter || member.isPrimary) {
            return;
        }
        ReplicaMember source = source(member);
        if (source == null || member.isStalled) {
            return;
        }
        if (member.isSyncing) {
            if (!now.isBefore(member.since.plus(SYNC))) {
                member.oplog = new ArrayList<>(source.oplog);
                member.committed = source.committed;
                member.term = Math.max(member.term, source.term);
                member.isSyncing = false;
                member.written = now;
            }
            return;
        }
        int shared = member.shared(source);
        if (shared < member.oplog.size()) {
            if (now.isBefore(member.since.plus(BEFORE_ROLLBACK)) || !rollBack(member, shared)) {
                return;
            }
        }
        if (source.oplog.size() > shared) {
            member.oplog.addAll(source.oplog.subList(shared, source.oplog.size()));
            member.written = now;
        }
        member.committed = Math.max(member.committed, Math.min(source.committed, member.oplog.size()));
    }

    /** Returns the member that another one follows: the primary, or otherwise one that is ahead. */
    private ReplicaMember source(ReplicaMember member) {
        ReplicaMember best = leader(member);
        if (best == null) {
            for (ReplicaMember peer : members.values()) {
                boolean mayServe = peer != member
                        && peer.holdsData()
                        && isLinked(member, peer)
                        && member.config.names(peer.endpoint)
                        && peer.last().compareTo(member.last()) > 0;
                if (mayServe && (best == null || peer.last().compareTo(best.last()) > 0)) {
                    best = peer;
                }
            }
        }
        return best != null && best.last().compareTo(member.last()) > 0 ? best : null;
    }

    /** Returns whether the member still runs. */
    private boolean rollBack(ReplicaMember member, int shared) {
        if (shared == 0 || shared < member.committed) {
            member.kill();
            member.server().broken = shared == 0
                    ? "the rollback is not possible (UnrecoverableRollbackError)"
                    : "the member would have to roll back operations that it has committed, which is not possible";
            return false;
        }
        List<OplogEntry> own = List.copyOf(member.oplog.subList(shared, member.oplog.size()));
        member.oplog = new ArrayList<>(member.oplog.subList(0, shared));
        own.stream().filter(OplogEntry::isWrite).forEach(member.rolledBack::add);
        observer.rolledBack(member, own);
        return true;
    }

    private void commit(ReplicaMember primary) {
        if (!primary.isPrimary || !primary.isAlive()) {
            return;
        }
        int needed = primary.config.writeMajority();
        List<Integer> positions = new ArrayList<>();
        for (ReplicaMember member : members.values()) {
            boolean counts = primary.config.votes(member.endpoint)
                    && (member == primary
                            || member.holdsData() && isLinked(primary, member) && leader(member) == primary);
            if (counts) {
                positions.add(member == primary ? primary.oplog.size() : primary.shared(member));
            }
        }
        if (positions.size() >= needed) {
            positions.sort((a, b) -> b - a);
            int safe = positions.get(needed - 1);
            if (safe > primary.committed && primary.oplog.get(safe - 1).at().term() == primary.term) {
                primary.committed = safe;
            }
        }
    }

    /** Returns whether a majority of the voters of a primary follows it. */
    boolean canCommit(ReplicaMember primary) {
        int following = 0;
        for (ReplicaMember member : members.values()) {
            following +=
                    primary.config.votes(member.endpoint) && member.holdsData() && leader(member) == primary ? 1 : 0;
        }
        return following >= primary.config.writeMajority();
    }

    /** Gives a new member its vote when it has copied all data. */
    private void admit(ReplicaMember primary, Instant now) {
        if (!primary.isPrimary || !primary.isAlive() || primary.config.fresh().isEmpty()) {
            return;
        }
        for (String host : primary.config.fresh()) {
            ReplicaMember member = members.get(host);
            if (member != null && isLinked(primary, member) && member.holdsData()) {
                Set<String> fresh = new HashSet<>(primary.config.fresh());
                fresh.remove(host);
                primary.config = primary.config.at(primary.config.version() + 1, primary.term, fresh);
                spread(now);
                return;
            }
        }
    }

    // ---- commands that change the set

    /** Returns whether a majority has the configuration of a primary. */
    boolean isCommitted(ReplicaMember primary) {
        int have = 0;
        for (ReplicaMember member : members.values()) {
            boolean isSame = member.config != null
                    && member.config.version() == primary.config.version()
                    && member.config.term() == primary.config.term();
            have += primary.config.votes(member.endpoint) && isLinked(primary, member) && isSame ? 1 : 0;
        }
        return have >= primary.config.majority();
    }

    /** Returns why a configuration is refused, as CODE and text separated by a space; empty when it is in use. */
    String reconfigure(ReplicaMember primary, MemberConfig next, Instant now) {
        if (!primary.isPrimary) {
            return "10107 replSetReconfig should only be run on a writable PRIMARY";
        }
        if (next.version() <= primary.config.version()) {
            return "103 version must be greater than " + primary.config.version();
        }
        if (primary.config.votersChangedBy(next) > 1) {
            return "103 can only add or remove at most 1 voting member";
        }
        if (!isCommitted(primary)) {
            return "308 the current config is not committed";
        }
        Entry self = next.entry(primary.endpoint);
        if (self == null || self.priority() == 0) {
            return "74 the primary would not be electable";
        }
        Set<String> fresh = new HashSet<>();
        for (Entry entry : next.entries()) {
            boolean isNew = primary.config.entries().stream().noneMatch(e -> e.id() == entry.id());
            if (entry.votes() > 0
                    && !entry.arbiter()
                    && (isNew || primary.config.fresh().contains(entry.host()))) {
                fresh.add(entry.host());
            }
        }
        MemberConfig admitted = next.at(next.version(), primary.term, fresh);
        if (reached(primary, admitted) < admitted.majority()) {
            return "74 Quorum check failed because not enough voting nodes responded";
        }
        primary.config = admitted;
        settle(now);
        return "";
    }

    private int reached(ReplicaMember primary, MemberConfig config) {
        int reached = 0;
        for (ReplicaMember member : members.values()) {
            reached += config.votes(member.endpoint) && isLinked(primary, member) ? 1 : 0;
        }
        return reached;
    }

    /** Returns why a forced configuration is refused, as CODE and text; empty when it is in use. */
    String force(ReplicaMember member, MemberConfig next, Instant now) {
        if (member.config == null) {
            return "94 no replset config has been received";
        }
        if (!next.names(member.endpoint)) {
            return "74 No host described in new configuration maps to this node";
        }
        if (!next.keepsIdsOf(member.config)) {
            return "103 New and old configurations both have members with the same host and another _id";
        }
        long version = Math.max(next.version(), member.config.version()) + FORCED_JUMP;
        member.config = next.at(version, MemberConfig.FORCED, Set.of());
        if (member.isPrimary && member.config.entry(member.endpoint).priority() == 0) {
            member.isPrimary = false;
        }
        member.waitForPrimary(now);
        settle(now);
        return "";
    }

    /** Returns whether the primary has stepped down, with a secondary that has all of its operations. */
    boolean stepDown(ReplicaMember primary, Duration frozen, Instant now) {
        settle(now);
        boolean isCaughtUp = members.values().stream()
                .anyMatch(m -> m != primary
                        && isEligible(m, now)
                        && isLinked(m, primary)
                        && m.last().equals(primary.last()));
        if (!isCaughtUp) {
            return false;
        }
        primary.isPrimary = false;
        primary.frozenUntil = now.plus(frozen);
        members.values().forEach(m -> m.waitForPrimary(now));
        return true;
    }
}
