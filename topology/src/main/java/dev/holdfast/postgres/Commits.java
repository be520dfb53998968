package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.PostgresCluster.Durability;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.postgres.PostgresCluster.Synchronous.Method;
import dev.holdfast.world.Action;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Whom commits wait for. This is the one place where the durability profiles become settings:
 *
 * <table>
 *   <caption>exact settings</caption>
 *   <tr><th>profile</th><th>synchronous_commit</th><th>synchronous_standby_names</th></tr>
 *   <tr><td>protect</td><td>on</td><td>FIRST|ANY n of the live eligible standbys; when fewer than n live it stays as it is, and
 *       writes wait</td></tr>
 *   <tr><td>available</td><td>on</td><td>the same; when fewer than n live it names those, or nobody, and writes go on</td></tr>
 *   <tr><td>fast</td><td>local</td><td>nobody</td></tr>
 * </table>
 *
 * <p>Eligible are the sync members but the one that is primary; a disaster-recovery copy never is. A standby is named only
 * when it was seen to follow and to have caught up, as a name that never connects makes every commit hang.
 */
final class Commits {

    private static final Duration CATCHING_UP = Duration.ofMinutes(30);
    private static final Duration MOMENT = Duration.ofSeconds(20);

    private final PostgresCluster cluster;
    private final Typing typing;
    private final Until until;
    private final Prospects prospects;
    private final SyncRecord record;

    Commits(PostgresCluster cluster, Typing typing, Until until, Prospects prospects, SyncRecord record) {
        this.cluster = cluster;
        this.typing = typing;
        this.until = until;
        this.prospects = prospects;
        this.record = record;
    }

    /** The early act: lets writes go on at once when the profile allows it and those that are named are gone. */
    Plan release(PostgresSeen seen) {
        Optional<String> names = released(seen);
        if (names.isEmpty()) {
            return Plan.NOTHING;
        }
        MemberSeen primary = seen.primary().orElseThrow();
        String gone = parse(primary.server().synchronousNames()).stream()
                .filter(n -> seen.declared(n)
                        .filter(m -> seen.follows(seen.member(m.node())))
                        .isEmpty())
                .collect(Collectors.joining(", "));
        return Plan.of(List.of(named(
                seen,
                primary,
                names.get(),
                gone + " does not follow, and durability available lets writes go on without it")));
    }

    private Optional<String> released(PostgresSeen seen) {
        if (cluster.durability() != Durability.AVAILABLE || seen.primary().isEmpty()) {
            return Optional.empty();
        }
        String running = seen.primary().get().server().synchronousNames();
        List<String> named = parse(running);
        List<String> live =
                names(eligible(seen).stream().filter(m -> !seen.isGone(m)).toList());
        long left = named.stream().filter(live::contains).count();
        return named.isEmpty() || left >= count(running) ? Optional.empty() : Optional.of(format(live));
    }

    /** The late act: whom commits wait for once everybody follows who can. */
    Plan settle(PostgresSeen seen) {
        return settle(seen, m -> prospects.follow(seen, m));
    }

    /** @param willFollow of members that do not follow yet: whether an earlier act of this runbook makes them */
    Plan settle(PostgresSeen seen, Predicate<MemberSeen> willFollow) {
        Optional<MemberSeen> leader = seen.leader().filter(l -> l.isUp() || !l.hasDatabase());
        if (leader.isEmpty()) {
            return Plan.NOTHING;
        }
        MemberSeen primary = leader.get();
        String now = released(seen).orElse(primary.server().synchronousNames());
        String wanted = wanted(seen, now, willFollow);
        boolean isWritten = !primary.isUp()
                || written(primary).equals(wanted)
                || released(seen).isPresent();
        boolean isAltered = primary.server().altered().containsKey("synchronous_standby_names");
        if (wanted.equals(now) && isWritten && !isAltered) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        List<String> waitedFor = parse(now);
        eligible(seen).stream()
                .filter(m -> parse(wanted).contains(m.name()) && !waitedFor.contains(m.name()) && !seen.isReady(m))
                .forEach(m -> steps.add(caughtUp(primary.node(), m)));
        steps.add(named(seen, primary, wanted, because(wanted, now)));
        return Plan.of(steps);
    }

    private String because(String wanted, String now) {
        return "durability " + cluster.durability().name().toLowerCase(java.util.Locale.ROOT)
                + " and the standbys that follow make it '" + wanted + "', and it is '" + now + "'";
    }

    private String wanted(PostgresSeen seen, String now, Predicate<MemberSeen> willFollow) {
        if (cluster.durability() == Durability.FAST) {
            return "";
        }
        List<MemberSeen> eligible = eligible(seen);
        List<String> following = names(eligible.stream()
                .filter(m -> !seen.isGone(m) || willFollow.test(m))
                .toList());
        int count = Math.min(cluster.synchronous().count(), eligible.size());
        if (following.size() < count && cluster.durability() == Durability.PROTECT) {
            return now;
        }
        return format(following);
    }

    private String format(List<String> names) {
        return format(cluster, names);
    }

    /** Whom commits shall wait for on a member that is to be primary, of those that will follow it. */
    static String names(PostgresCluster cluster, Member primary, List<String> live) {
        return cluster.durability() == Durability.FAST
                ? ""
                : format(
                        cluster,
                        live.stream()
                                .filter(n -> !n.equals(primary.node().name()))
                                .toList());
    }

    private static String format(PostgresCluster cluster, List<String> names) {
        int count = Math.min(cluster.synchronous().count(), names.size());
        if (count == 0) {
            return "";
        }
        Method method = cluster.synchronous().method();
        return method + " " + count + " ("
                + names.stream().map(n -> "\"" + n.replace("\"", "\"\"") + "\"").collect(Collectors.joining(", "))
                + ")";
    }

    private List<MemberSeen> eligible(PostgresSeen seen) {
        return seen.others().filter(m -> m.member().part() == Part.SYNC).toList();
    }

    private static List<String> names(List<MemberSeen> members) {
        return members.stream().map(MemberSeen::name).toList();
    }

    /** The names in a value of synchronous_standby_names, in any of its forms. */
    static List<String> parse(String names) {
        String inner = names.contains("(") ? names.substring(names.indexOf('(') + 1, names.lastIndexOf(')')) : names;
        return Arrays.stream(inner.split(","))
                .map(String::strip)
                .map(n -> n.startsWith("\"") ? n.substring(1, n.length() - 1).replace("\"\"", "\"") : n)
                .filter(n -> !n.isEmpty())
                .toList();
    }

    /** How many of the names a value of synchronous_standby_names makes commits wait for. */
    static int count(String names) {
        String digits =
                names.contains("(") ? names.substring(0, names.indexOf('(')).replaceAll("[^0-9]", "") : "";
        return names.isBlank() ? 0 : digits.isEmpty() ? 1 : Integer.parseInt(digits);
    }

    /** What role.conf says, whether or not the server has read it. */
    static String written(MemberSeen member) {
        String value = Drift.byName(member.disk().files().getOrDefault("role.conf", List.of()))
                .getOrDefault("synchronous_standby_names", "''");
        return value.length() < 2 ? "" : value.substring(1, value.length() - 1).replace("''", "'");
    }

    private Step caughtUp(Node primary, MemberSeen member) {
        return Step.on(primary.id(), "Wait until " + member.name() + " has caught up")
                .because("commits may wait for it only then")
                .until(
                        until.cluster(
                                member.name() + " has flushed all that " + primary.name() + " had written",
                                s -> s.isReady(s.member(member.node())),
                                s -> member.name() + " is "
                                        + s.follower(s.member(member.node())).getOrDefault("state", "not connected")),
                        CATCHING_UP);
    }

    private Step named(PostgresSeen seen, MemberSeen primary, String names, String because) {
        Node node = primary.node();
        List<Action> actions = new ArrayList<>(record.weakened(seen, primary, names));
        actions.add(typing.role(node, ServerSettings.ofPrimary(names)));
        if (primary.server().altered().containsKey("synchronous_standby_names")) {
            actions.add(typing.sql(
                    node, Script.of("postgres/reset-setting.sql").with("name", "synchronous_standby_names")));
        }
        actions.add(typing.reload(node));
        String title = names.isEmpty() ? "Let commits wait for no standby" : "Let commits wait for " + names;
        return Step.on(node.id(), title)
                .because(because)
                .type(actions)
                .until(
                        until.server(
                                node,
                                "synchronous_standby_names is '" + names + "' and as many standbys are in sync",
                                s -> s.synchronousNames().equals(names)
                                        && !s.altered().containsKey("synchronous_standby_names")
                                        && inSync(s) >= count(names),
                                s -> "synchronous_standby_names is '" + s.synchronousNames() + "', in sync: "
                                        + inSync(s)),
                        MOMENT);
    }

    static long inSync(ServerSeen server) {
        return server.followers().values().stream()
                .filter(f -> List.of("sync", "quorum").contains(f.getOrDefault("sync_state", "")))
                .count();
    }
}
