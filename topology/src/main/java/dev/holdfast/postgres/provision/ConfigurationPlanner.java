package dev.holdfast.postgres.provision;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.configuration.HbaRules;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The stage that restores the declared configuration: files on the host, and settings of ALTER SYSTEM. */
public final class ConfigurationPlanner {

    private static final String SYNC_NAMES = "synchronous_standby_names";
    private static final Duration MOMENT = Duration.ofSeconds(30);
    /** Seconds; file times and server times come from the host's clock, but with different precision. */
    private static final double GRAIN = 0.01;

    private final Topology topology;
    private final PostgresCluster cluster;
    private final MemberActions serverActions;
    private final MemberConditions until;

    public ConfigurationPlanner(
            Topology topology, PostgresCluster cluster, MemberActions actions, MemberConditions until) {
        this.topology = topology;
        this.cluster = cluster;
        this.serverActions = actions;
        this.until = until;
    }

    Plan plan(PostgresState state) {
        if (state.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = state.primary().get();
        List<Step> steps = new ArrayList<>();
        state.members().stream().filter(m -> m.isUp() && !m.isOutOfReach()).forEach(m -> {
            Map<String, String> roleSettings = roleSettings(m, primary);
            List<String> wrong = differences(m, roleSettings);
            if (!wrong.isEmpty()) {
                steps.add(configured(m, roleSettings, wrong));
            }
            if (state.outdated().contains(m.node())) {
                steps.add(passwordStep(m, roleSettings));
            }
            if (!alteredManually(m, primary).isEmpty()) {
                steps.add(reset(m, primary));
            }
        });
        return Plan.of(steps);
    }

    /** Returns the steps that reset what ALTER SYSTEM has set. */
    public List<Step> resets(PostgresState state) {
        return state.primary().stream()
                .flatMap(p -> state.members().stream()
                        .filter(m -> m.isUp() && !m.isOutOfReach())
                        .filter(m -> !alteredManually(m, p).isEmpty())
                        .map(m -> reset(m, p)))
                .toList();
    }

    /** Returns whether this stage has a step for a member. */
    boolean isNeeded(MemberState member, MemberState primary) {
        return !differences(member, roleSettings(member, primary)).isEmpty()
                || !alteredManually(member, primary).isEmpty();
    }

    /** Returns what differs from the declaration in a member's files, or what its server has not read yet. */
    List<String> differences(MemberState member, Map<String, String> roleSettings) {
        Map<String, List<String>> files = member.disk().files();
        List<String> main = new ArrayList<>(List.of("include 'role.conf'"));
        main.addAll(serverActions.mainLines(member.member()));
        List<String> lines = new ArrayList<>();
        lines.addAll(ConfigurationDiff.ofSettings("postgresql.conf", lines(files, "postgresql.conf"), main));
        lines.addAll(ConfigurationDiff.ofSettings(
                "role.conf", lines(files, "role.conf"), ServerConfiguration.lines(roleSettings)));
        lines.addAll(ConfigurationDiff.ofLines(
                "pg_hba.conf", lines(files, "pg_hba.conf"), HbaRules.rules(topology, cluster)));
        lines.addAll(ConfigurationDiff.ofLines(
                "pg_ident.conf",
                lines(files, "pg_ident.conf"),
                HbaRules.identities(member.host().user())));
        member.disk()
                .owner()
                .ifPresent(o -> lines.add(
                        "the directory belongs to " + o + ", and this user can replace files that root uses"));
        if (lines.isEmpty() && isUnread(member)) {
            lines.add("the configuration was written after the server last read it");
        }
        return lines;
    }

    public static boolean isUnread(MemberState member) {
        return member.disk().written() > member.server().loaded() + GRAIN;
    }

    private static List<String> lines(Map<String, List<String>> files, String name) {
        return files.getOrDefault(name, List.of());
    }

    /** Returns the desired role.conf. The synchronous standbys stay unchanged, because a later stage decides on them. */
    private Map<String, String> roleSettings(MemberState member, MemberState primary) {
        if (!member.node().equals(primary.node())) {
            return ServerConfiguration.ofStandby(cluster, member.member(), primary.node(), primary.major());
        }
        boolean isThere = member.disk().files().containsKey("role.conf");
        return ServerConfiguration.ofPrimary(
                isThere ? member.disk().synchronousNames() : member.server().synchronousNames());
    }

    private Step configured(MemberState member, Map<String, String> roleSettings, List<String> wrong) {
        Node node = member.node();
        List<Action> actions = new ArrayList<>();
        member.disk().owner().ifPresent(o -> actions.add(serverActions.createDirectory(node)));
        actions.add(serverActions.configure(member.member(), roleSettings));
        actions.add(serverActions.reload(node));
        return Step.on(node.id(), "Update the configuration of " + node.name())
                .because(ConfigurationDiff.description(wrong))
                .type(actions)
                .until(
                        until.member(
                                member.member(),
                                member.name() + " has read the declared configuration",
                                m -> m.isUp()
                                        && differences(m, roleSettings).isEmpty()
                                        && m.server().wrong().isEmpty(),
                                m -> description(m, roleSettings)),
                        MOMENT);
    }

    private Step passwordStep(MemberState member, Map<String, String> roleSettings) {
        Node node = member.node();
        return Step.on(node.id(), "Update the password file of " + member.name())
                .because("the password file differs from the current passwords")
                .type(serverActions.configure(member.member(), roleSettings))
                .until(until.knowsPasswords(node), MOMENT);
    }

    private String description(MemberState member, Map<String, String> roleSettings) {
        List<String> wrong = new ArrayList<>(member.server().wrong());
        wrong.addAll(differences(member, roleSettings));
        return ConfigurationDiff.description(wrong);
    }

    private static List<String> alteredManually(MemberState member, MemberState primary) {
        boolean isPrimary = member.node().equals(primary.node());
        return member.server().altered().keySet().stream()
                .filter(n -> !isPrimary || !n.equals(SYNC_NAMES))
                .sorted()
                .toList();
    }

    private Step reset(MemberState member, MemberState primary) {
        Node node = member.node();
        List<String> names = alteredManually(member, primary);
        Map<String, String> declared = ServerConfiguration.of(cluster, member.member());
        List<String> lines = names.stream()
                .map(n -> n + " is '" + member.server().altered().get(n) + "' by ALTER SYSTEM, "
                        + (declared.containsKey(n) ? "declared '" + declared.get(n) + "'" : "not declared"))
                .toList();
        List<Action> actions = new ArrayList<>();
        names.forEach(n -> actions.add(
                serverActions.sql(node, Script.of("postgres/reset-setting.sql").with("name", n))));
        actions.add(serverActions.reload(node));
        return Step.on(node.id(), "Reset ALTER SYSTEM settings on " + node.name())
                .because(ConfigurationDiff.description(lines))
                .type(actions)
                .until(
                        until.server(
                                node,
                                "ALTER SYSTEM sets none of " + names,
                                s -> s.altered().keySet().stream().noneMatch(names::contains),
                                s -> "set: " + s.altered().keySet()),
                        MOMENT);
    }
}
