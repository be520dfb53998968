package dev.holdfast.mongodb.replicaset;

import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The sequence of configurations from the observed to the declared one, one voter at a time.
 *
 * <ol>
 *   <li>Settings that change no vote change for all members at once: priorities, tags, hidden, delays, timeouts.
 *   <li>Votes of remaining members change one by one.
 *   <li>Undeclared members that are unreachable leave, because they only raise the majority.
 *   <li>New members join, one by one.
 *   <li>Undeclared members that are reachable leave, one by one, after their successors have joined.
 *   <li>If the primary must leave or becomes ineligible, it steps down. The rest is planned from the state that is then
 *       observed.
 * </ol>
 *
 * If a member gets a higher priority than the primary, MongoDB elects that member soon afterwards. So such priorities change
 * last, when no other configuration needs the primary any more: one election.
 *
 * <p>Next to an arbiter, a second voter with data gets its priority in a separate configuration.
 *
 * Invariants: each configuration differs from the previous one by at most one voter. A primary never makes itself
 * ineligible.
 */
final class ReconfigPath {

    /** The kind of one reconfiguration. */
    enum Kind {
        CHANGE,
        JOIN,
        LEAVE,
        /** Priorities change, and a member with a higher one than the primary is elected. */
        TAKEOVER,
        STEP_DOWN
    }

    /**
     * One configuration of the sequence.
     *
     * @param member the endpoint that it changes; empty if it changes several
     */
    record Reconfig(Kind kind, String member, String because, ReplicaSetConfig shape) {}

    private final ReplicaSetConfig desired;
    private final Set<String> unreachable;
    private final String primary;
    private final Map<String, MemberShape> now = new LinkedHashMap<>();
    private final Map<String, MemberShape> goal = new LinkedHashMap<>();
    private final List<Reconfig> way = new ArrayList<>();

    private ReconfigPath(ReplicaSetConfig observed, ReplicaSetConfig desired, Set<String> unreachable, String primary) {
        this.desired = desired;
        this.unreachable = unreachable;
        this.primary = primary;
        observed.members().forEach(m -> now.put(m.host(), m));
        desired.members().forEach(m -> goal.put(m.host(), m));
    }

    /**
     * @param unreachable endpoints that the set cannot reach
     * @param primary the endpoint of the primary
     */
    static List<Reconfig> from(
            ReplicaSetConfig observed, ReplicaSetConfig desired, Set<String> unreachable, String primary) {
        ReconfigPath path = new ReconfigPath(observed, desired, unreachable, primary);
        path.withoutVotes(observed);
        path.votes();
        path.leave(true);
        path.join();
        path.leave(false);
        path.takeover();
        path.primaryGoes();
        return path.way;
    }

    /** Returns the reachable members with the highest priority, of which the set elects one. */
    static List<String> preferred(ReplicaSetConfig config, Set<String> unreachable) {
        double highest = config.members().stream()
                .filter(m -> !unreachable.contains(m.host()))
                .mapToDouble(MemberShape::priority)
                .max()
                .orElse(0);
        return config.members().stream()
                .filter(m -> m.priority() == highest && !unreachable.contains(m.host()))
                .map(MemberShape::host)
                .toList();
    }

    /** Returns whether a declared member that the set reaches will have a higher priority than the primary, which stays. */
    private boolean hasSuccessor() {
        MemberShape stays = goal.get(primary);
        return stays != null
                && !mustStepDown(stays)
                && goal.values().stream()
                        .anyMatch(m -> m.priority() > stays.priority() && !unreachable.contains(m.host()));
    }

    /** Returns a member as it becomes now: its priority rises only at the end, if another member is then elected. */
    private MemberShape forNow(MemberShape better) {
        MemberShape former = now.get(better.host());
        if (!hasSuccessor() || better.priority() == 0) {
            return better;
        }
        double present = former == null || former.priority() == 0
                ? Math.min(better.priority(), now.get(primary).priority())
                : former.priority();
        return better.withPriority(present);
    }

    private void takeover() {
        List<String> because = new ArrayList<>();
        for (MemberShape member : List.copyOf(now.values())) {
            MemberShape better = goal.get(member.host());
            if (better != null && hasSuccessor() && better.priority() != member.priority()) {
                because.add(member.host() + ": " + String.join(", ", member.against(better)));
                now.put(member.host(), better);
            }
        }
        if (because.isEmpty()) {
            return;
        }
        boolean isNextToChange = !way.isEmpty()
                && way.get(way.size() - 1).kind() == Kind.CHANGE
                && way.get(way.size() - 1).member().isEmpty();
        if (isNextToChange) {
            because.add(0, way.remove(way.size() - 1).because());
        }
        go(Kind.TAKEOVER, "", String.join("; ", because));
    }

    private void withoutVotes(ReplicaSetConfig observed) {
        List<String> because = new ArrayList<>();
        ReplicaSetConfig.compare(because, "electionTimeoutMillis", observed.electionMillis(), desired.electionMillis());
        ReplicaSetConfig.compare(
                because, "heartbeatIntervalMillis", observed.heartbeatMillis(), desired.heartbeatMillis());
        for (MemberShape member : List.copyOf(now.values())) {
            MemberShape declared = goal.get(member.host());
            if (declared != null && declared.votes(member) && !mustStepDown(declared)) {
                MemberShape better = forNow(declared);
                if (!better.equals(member)) {
                    because.add(member.host() + ": " + String.join(", ", member.against(better)));
                    now.put(member.host(), better);
                }
            }
        }
        if (!because.isEmpty()) {
            go(Kind.CHANGE, "", String.join("; ", because));
        }
    }

    private void votes() {
        for (MemberShape member : List.copyOf(now.values())) {
            MemberShape declared = goal.get(member.host());
            if (declared != null && !declared.votes(member) && !mustStepDown(declared)) {
                MemberShape better = forNow(declared);
                boolean isSecond = isSecondNextToArbiter(better);
                now.put(member.host(), isSecond ? better.passive() : better);
                go(Kind.CHANGE, member.host(), String.join(", ", member.against(better)));
                if (isSecond) {
                    becomesElectable(better);
                }
            }
        }
    }

    private void leave(boolean isUnreachable) {
        for (String host : List.copyOf(now.keySet())) {
            if (!goal.containsKey(host) && unreachable.contains(host) == isUnreachable && !host.equals(primary)) {
                now.remove(host);
                String state = host
                        + (isUnreachable ? " is not declared and the set cannot reach the member" : " is not declared");
                go(Kind.LEAVE, host, state);
            }
        }
    }

    private void join() {
        for (MemberShape declared : goal.values()) {
            if (!now.containsKey(declared.host())) {
                MemberShape member = forNow(declared);
                String members = String.join(", ", now.keySet());
                boolean isSecond = isSecondNextToArbiter(member);
                now.put(member.host(), isSecond ? member.passive() : member);
                go(Kind.JOIN, member.host(), member.host() + " is declared and the set's members are " + members);
                if (isSecond) {
                    becomesElectable(member);
                }
            }
        }
    }

    /**
     * Splits a join next to an arbiter. MongoDB refuses (103) a second voter with data that is eligible at once: before it has
     * all data, it could be elected and lose writes. It votes first, and becomes eligible in the next configuration.
     */
    private boolean isSecondNextToArbiter(MemberShape member) {
        return member.isWritableVoter()
                && member.priority() > 0
                && now.values().stream().anyMatch(MemberShape::arbiter)
                && now.values().stream()
                                .filter(m -> !m.host().equals(member.host()) && m.isWritableVoter())
                                .count()
                        == 1;
    }

    private void becomesElectable(MemberShape member) {
        now.put(member.host(), member);
        go(Kind.CHANGE, "", member.host() + ": priority is 0, desired " + member.priority());
    }

    private void primaryGoes() {
        Optional<MemberShape> better = Optional.ofNullable(goal.get(primary));
        if (better.isEmpty()) {
            go(Kind.STEP_DOWN, primary, primary + " is primary and not declared");
        } else if (mustStepDown(better.get())) {
            String differences = String.join(", ", now.get(primary).against(better.get()));
            go(Kind.STEP_DOWN, primary, primary + " is primary and will not be eligible: " + differences);
        }
    }

    private boolean mustStepDown(MemberShape better) {
        return better.host().equals(primary) && (better.priority() == 0 || better.votes() == 0);
    }

    private void go(Kind kind, String member, String because) {
        way.add(new Reconfig(kind, member, because, desired.with(List.copyOf(now.values()))));
    }

    /** Returns the endpoints of a set that its primary cannot reach. */
    static Set<String> unreachable(MongoDocument status) {
        Set<String> unreachable = new TreeSet<>();
        status.docs("members").stream()
                .filter(m -> m.number("health") == 0)
                .forEach(m -> unreachable.add(m.text("name")));
        return unreachable;
    }
}
