package dev.holdfast.postgres.provision;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.ReplicationSlots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The stages that create or start the primary, with its roles and replication slots. The declared primary is created
 * when no member has a database; a stopped primary is started. Its roles and a slot for every other member follow.
 */
public final class PrimaryPlanner {

    private static final Duration CREATION = Duration.ofMinutes(10);
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration RECOVERY = Duration.ofMinutes(30);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final MemberActions serverActions;
    private final MemberConditions until;

    public PrimaryPlanner(PostgresCluster cluster, MemberActions actions, MemberConditions until) {
        this.cluster = cluster;
        this.serverActions = actions;
        this.until = until;
    }

    Plan plan(PostgresState state) {
        if (state.leader().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState leader = state.leader().get();
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        if (!leader.hasDatabase()) {
            steps.add(create(state, leader));
        }
        if (leader.isDown()) {
            steps.add(started(state, leader));
        } else if (!leader.isUp()
                && leader.hostFacts().reason().isEmpty()
                && leader.errorRemedy().isEmpty()) {
            steps.add(answering(leader));
        }
        if (!leader.hasDatabase()) {
            steps.addAll(configuration(state, leader));
        } else if (!leader.isUp()) {
            notes.add("further steps for " + leader.name()
                    + " are planned when it answers; "
                    + leader.errorRemedy()
                            .orElse("if it does not, holdfast failover " + cluster.name()
                                    + " can promote another member"));
        }
        return new Plan(steps, List.of(), notes);
    }

    /** Plans the next stage: roles and slots of a primary that answers. */
    Plan configure(PostgresState state) {
        return state.primary()
                .map(p -> Plan.of(configuration(state, p))
                        .and(Plan.open(new DatabaseRolePlanner(cluster, serverActions, until).open(state, p.node()))))
                .orElse(Plan.NOTHING);
    }

    private List<Step> configuration(PostgresState state, MemberState leader) {
        List<Step> steps = new ArrayList<>(
                new DatabaseRolePlanner(cluster, serverActions, until).steps(state, leader.node(), leader.server()));
        slots(leader, leader.node().id()).ifPresent(steps::add);
        histories(leader).ifPresent(steps::add);
        return steps;
    }

    private Step create(PostgresState state, MemberState leader) {
        return Step.on(leader.node().id(), "Create a PostgreSQL " + state.major() + " cluster on " + leader.name())
                .because("no member has a database yet, and " + leader.name() + " is the declared primary")
                .type(serverActions.createDirectory(leader.node()), serverActions.create(leader, state.major()))
                .until(until.hasDatabase(leader.node()), CREATION);
    }

    private Step started(PostgresState state, MemberState leader) {
        String because = leader.hasDatabase()
                ? leader.name() + " was primary when it stopped, and no other member is primary"
                : leader.name() + " is not running";
        String names = leader.disk().synchronousNames();
        return Step.on(leader.node().id(), "Start " + leader.name() + " as primary")
                .because(because)
                .type(
                        serverActions.configure(leader.member(), ServerConfiguration.ofPrimary(names)),
                        serverActions.start(leader, state.major()))
                .until(until.leads(leader.node()), START);
    }

    /** Plans a wait: the process exists and is recovering or hanging. Holdfast waits and does not interfere. */
    private Step answering(MemberState leader) {
        return Step.on(leader.node().id(), "Wait until " + leader.name() + " answers")
                .because("the process of " + leader.name() + " exists, but: " + leader.silence())
                .until(until.leads(leader.node()), leader.isStarting() ? RECOVERY : ANSWER);
    }

    /** @param leader the primary, or the member that becomes primary next: a standby may have slots before its promotion */
    public Optional<Step> slots(MemberState leader, String lane) {
        Node primary = leader.node();
        List<String> missing = cluster.members().stream()
                .filter(m -> !m.node().equals(primary))
                .map(m -> ReplicationSlots.name(cluster, m))
                .filter(s -> !leader.server().slots().containsKey(s))
                .toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        List<Action> actions = missing.stream()
                .map(s -> serverActions.sql(
                        primary, Script.of("postgres/create-slot.sql").with("slot", s)))
                .toList();
        return Optional.of(Step.on(
                        lane, "Create the replication " + (missing.size() == 1 ? "slot " : "slots ") + list(missing))
                .because("no slot exists for " + slotOwners(missing))
                .risk(Risk.NONE)
                .type(actions)
                .until(
                        until.server(
                                primary,
                                primary.name() + " retains WAL for " + list(missing),
                                s -> s.slots().keySet().containsAll(missing),
                                s -> "slots: " + s.slots().keySet()),
                        MOMENT));
    }

    /** Plans the history files that standbys request from the primary, although it never was on these timelines. */
    public Optional<Step> histories(MemberState primary) {
        List<Integer> missing = primary.server().missingHistories();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        Node node = primary.node();
        String numbers = list(missing.stream().map(String::valueOf).toList());
        List<Action> actions = missing.stream()
                .map(n -> serverActions.sql(
                        node, Script.of("postgres/empty-history.sql").with("number", n)))
                .toList();
        return Optional.of(Step.on(node.id(), "Add empty timeline history files to " + node.name())
                .because("timeline " + numbers + " has no history file on " + node.name()
                        + "; a standby on an earlier timeline requests each of them")
                .risk(Risk.NONE)
                .type(actions)
                .until(
                        until.server(
                                node,
                                node.name() + " has a history file for every timeline before its own",
                                s -> s.missingHistories().isEmpty(),
                                s -> "missing: " + s.missingHistories()),
                        MOMENT));
    }

    private String slotOwners(List<String> slots) {
        return cluster.members().stream()
                .filter(m -> slots.contains(ReplicationSlots.name(cluster, m)))
                .map(Member::node)
                .map(Node::name)
                .collect(Collectors.joining(", "));
    }

    private static String list(List<String> words) {
        return String.join(", ", words);
    }
}
