package dev.holdfast.postgres.automatic;

import dev.holdfast.execution.Action;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.RejoinSteps;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The stages of the members: Patroni creates, copies, starts, configures and restarts their servers. */
final class PatroniPlanner {

    private static final Duration CREATION = Duration.ofMinutes(10);
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final Duration RESTART = Duration.ofMinutes(2);

    private final PostgresCluster cluster;
    private final PatroniConfiguration configuration;
    private final RejoinSteps returning;
    private final AutomaticActions actions;
    private final MemberConditions until;
    private final AutomaticProbe probe;

    PatroniPlanner(
            PostgresCluster cluster,
            PatroniConfiguration configuration,
            RejoinSteps returning,
            AutomaticActions actions,
            MemberConditions until,
            AutomaticProbe probe) {
        this.cluster = cluster;
        this.configuration = configuration;
        this.returning = returning;
        this.actions = actions;
        this.until = until;
        this.probe = probe;
    }

    /** Plans the first member of a new cluster, or every stopped Patroni of an existing one. */
    Plan first(AutomaticState state) {
        if (state.servers().isFresh()) {
            MemberState first = state.servers().members().get(0);
            Node node = first.node();
            return Plan.of(List.of(Step.on(
                            node.id(),
                            "Create a PostgreSQL " + state.servers().major() + " cluster on " + node.name()
                                    + " with Patroni")
                    .because("no member has a database yet, and " + node.name() + " is the declared primary")
                    .type(started(state, first))
                    .until(until.leads(node), CREATION)));
        }
        return Plan.of(state.servers().members().stream()
                .filter(m -> !m.isOutOfReach() && m.hasDatabase())
                .filter(m -> state.patroni(m).isReachable() && !state.patroni(m).isRunning())
                .flatMap(m -> returned(state, m).stream())
                .toList());
    }

    /** Plans the start of a member's Patroni. Patroni rewinds a former primary without a copy, so its own rows are kept before. */
    private List<Step> returned(AutomaticState state, MemberState member) {
        List<Step> steps = new ArrayList<>();
        state.servers()
                .primary()
                .filter(p -> p != member && member.isDown())
                .filter(p -> RejoinDecision.left(state.servers(), member).isPresent())
                .ifPresent(p -> steps.add(returning.kept(state.servers(), member, p)));
        steps.add(Step.on(member.node().id(), "Start Patroni on " + member.name())
                .because("no Patroni runs on its host")
                .type(started(state, member))
                .until(
                        probe.patroni(
                                member.node(),
                                "Patroni and PostgreSQL run on " + member.name(),
                                PatroniMember::isServing,
                                PatroniPlanner::description),
                        START));
        return steps;
    }

    private List<Action> started(AutomaticState state, MemberState member) {
        return actions.started(member, state.servers().major());
    }

    private static String description(PatroniMember member) {
        return member.rest()
                .map(r -> "the state of the PostgreSQL server is " + r.state())
                .orElse(
                        member.isRunning()
                                ? "Patroni does not answer: " + member.restFailure()
                                : "Patroni does not run");
    }

    /** Plans the members without a database. */
    Plan copies(AutomaticState state) {
        MemberState source =
                state.servers().primary().orElse(state.servers().members().get(0));
        return Plan.of(state.servers().members().stream()
                .filter(m -> !m.node().equals(source.node()) && !m.isOutOfReach() && !m.hasDatabase())
                .map(m -> Step.on(m.node().id(), "Clone " + source.name() + " to " + m.name() + " with Patroni")
                        .because(m.name() + " has no database yet")
                        .type(started(state, m))
                        .until(until.standbyRuns(source.node(), m.member()), MemberActions.CLONING))
                .toList());
    }

    /** Plans the files of the members, and the dynamic settings. */
    Plan configuration(AutomaticState state) {
        List<Step> steps = new ArrayList<>();
        state.servers().members().stream()
                .filter(m -> state.patroni(m).isConfigured() && state.patroni(m).isRunning())
                .forEach(m -> {
                    List<String> wrong = differences(state, m, state.patroni(m));
                    if (!wrong.isEmpty()) {
                        steps.add(configured(state, m, wrong));
                    }
                });
        Map<String, String> dynamic = state.dynamic();
        List<String> wrong = dynamic.isEmpty() ? List.of() : configuration.differences(dynamic);
        if (!wrong.isEmpty() && state.answeringMember().isPresent()) {
            Node answeringMember = state.answeringMember().get().node();
            steps.add(Step.on(cluster.name(), "Update the dynamic settings of " + cluster.name())
                    .because(ConfigurationDiff.description(wrong))
                    .type(actions.request(answeringMember, "PATCH", "config", configuration.patch(dynamic), MOMENT))
                    .until(
                            probe.hasLooped(
                                    "every member has read the declared dynamic settings",
                                    p -> configuration.differences(p.dynamic()).isEmpty(),
                                    p -> ConfigurationDiff.description(configuration.differences(p.dynamic()))),
                            cluster.automatic().orElseThrow().ttl().plus(MOMENT)));
        }
        return Plan.of(steps);
    }

    private List<String> differences(AutomaticState state, MemberState member, PatroniMember observed) {
        List<String> lines = new ArrayList<>(ConfigurationDiff.ofLines(
                "patroni.yml",
                observed.lines(),
                configuration.lines(member, state.servers().major())));
        if (state.outdated().contains(member.node())) {
            lines.add("the file of passwords differs from the present passwords");
        }
        if (lines.isEmpty() && observed.isUnread()) {
            lines.add("the configuration was written after Patroni last read it");
        }
        return lines;
    }

    private Step configured(AutomaticState state, MemberState member, List<String> wrong) {
        Node node = member.node();
        int major = state.servers().major();
        return Step.on(node.id(), "Update the Patroni configuration of " + node.name())
                .because(ConfigurationDiff.description(wrong))
                .type(actions.configure(member, major), actions.start(node))
                .until(
                        probe.patroni(
                                        node,
                                        node.name() + " has read the declared configuration",
                                        p -> p.lines().equals(configuration.lines(member, major)) && !p.isUnread(),
                                        p -> "the configuration file differs from the declared one")
                                .and(probe.knowsPasswords(node)),
                        MOMENT);
    }

    /** Plans the restarts that settings need: standbys first, one at a time, then the primary. */
    Plan restarts(AutomaticState state) {
        List<MemberState> pending = new ArrayList<>(state.servers().members().stream()
                .filter(m -> state.patroni(m).isPending())
                .filter(m -> !m.isPrimary())
                .toList());
        state.servers().primary().filter(p -> state.patroni(p).isPending()).ifPresent(pending::add);
        return Plan.of(pending.stream().map(this::restarted).toList());
    }

    private Step restarted(MemberState member) {
        return Step.on(cluster.name(), "Restart " + member.name() + " with Patroni")
                .because("Patroni reports that a setting needs a restart")
                .risk(member.isPrimary() ? Risk.PAUSE : Risk.NONE)
                .type(actions.request(member.node(), "POST", "restart", "{}", RESTART))
                .until(
                        probe.patroni(
                                member.node(),
                                member.name() + " runs with all settings",
                                p -> p.isServing() && !p.isPending(),
                                p -> p.isPending() ? "a restart is pending" : description(p)),
                        RESTART);
    }

    /** Plans what is left: members that do not follow yet, a missing synchronous standby, and unreachable hosts. */
    Plan rest(AutomaticState state) {
        List<Step> steps = new ArrayList<>();
        List<Refusal> missing = new ArrayList<>();
        for (MemberState member : state.servers().members()) {
            if (member.isOutOfReach()) {
                missing.add(unreached(member.node(), member.hostFacts().unknown(member.node()), member.hostTrouble()));
            }
        }
        state.etcd().stream()
                .filter(e -> !e.hostFacts().isUp() && !e.hostFacts().isDown())
                .forEach(e -> missing.add(unreached(
                        e.node(), e.hostFacts().unknown(e.node()), e.hostFacts().reason())));
        state.servers()
                .primary()
                .ifPresent(p -> state.servers().members().stream()
                        .filter(m -> !m.node().equals(p.node()) && !m.isOutOfReach() && m.hasDatabase())
                        .filter(m ->
                                state.patroni(m).isRunning() && !state.servers().follows(m))
                        .forEach(m ->
                                steps.add(Step.on(m.node().id(), "Wait until " + m.name() + " follows " + p.name())
                                        .because("Patroni runs this member, but the member does not receive WAL from "
                                                + p.name())
                                        .until(until.standbyRuns(p.node(), m.member()), START))));
        if (state.needsSynchronous() && state.synchronous().isEmpty()) {
            steps.add(Step.on(cluster.name(), "Wait until a synchronous standby follows")
                    .because("Patroni has no synchronous standby yet")
                    .until(probe.hasSynchronous(), START));
        }
        return new Plan(steps, List.of(), List.of(), missing);
    }

    private static Refusal unreached(Node node, String what, String why) {
        return new Refusal(
                node.id(),
                what + ", so this node stays unchanged: " + why.replaceFirst("^no answer: ", ""),
                "make the host answer, then holdfast apply",
                ExitCode.UNREACHABLE);
    }
}
