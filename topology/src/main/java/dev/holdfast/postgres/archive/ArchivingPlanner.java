package dev.holdfast.postgres.archive;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The stages that set up WAL archiving: on the primary first, before it fills a segment, and on the other members once they
 * have a database. The last stage verifies that a segment arrives. After a promotion, the same stage verifies that archiving
 * continues.
 */
public final class ArchivingPlanner {

    private static final Duration MOMENT = Duration.ofMinutes(2);
    /** After three failures, the archiver waits one minute before it tries again. */
    private static final Duration ARRIVAL = Duration.ofMinutes(3);

    private final Optional<PgBackRestConfig> archive;
    private final MemberActions actions;
    private final ForeignWalPlanner foreign;

    public ArchivingPlanner(Topology topology, PostgresCluster cluster, MemberActions actions) {
        this.archive = cluster.repository().map(r -> new PgBackRestConfig(topology, cluster, r));
        this.actions = actions;
        this.foreign = new ForeignWalPlanner(topology, cluster, actions);
    }

    /** Verifies after a role change, where backups are declared, that the timeline of the new primary is in the repository. */
    public static Optional<Runbook<?>> continuity(Topology topology, PostgresCluster cluster) {
        ArchivingPlanner plan = new ArchivingPlanner(topology, cluster, new MemberActions(topology, cluster));
        ClusterProbe probes = new ClusterProbe(topology, cluster);
        return plan.archive.map(a -> new Runbook<>(
                cluster.name(),
                "verify WAL archiving of " + cluster.name(),
                context -> probes.look(context, true),
                List.of(new Stage<>("archive", plan::goesOn))));
    }

    private Plan goesOn(PostgresState state) {
        String name = state.cluster().name();
        if (state.primary().filter(MemberState::isUp).isEmpty()) {
            return Plan.refused(List.of(new Refusal(
                    name,
                    "no primary answers, so WAL archiving cannot be verified",
                    "holdfast backup list " + name + " shows the WAL that is not archived",
                    ExitCode.UNREACHABLE)));
        }
        MemberState primary = state.primary().get();
        return primary.isOutOfReach() || state.archive(primary).isUnknown()
                ? Plan.missing(List.of(unknown(state, primary)))
                : arrival(state);
    }

    public Plan primary(PostgresState state) {
        return prepared(state, true);
    }

    public Plan standbys(PostgresState state) {
        return prepared(state, false);
    }

    private Plan prepared(PostgresState state, boolean isPrimary) {
        if (archive.isEmpty() || state.leader().isEmpty()) {
            return Plan.NOTHING;
        }
        Optional<Refusal> lost = lost(state, state.leader().get());
        if (isPrimary && lost.isPresent()) {
            return Plan.open(List.of(lost.get()));
        }
        Node leader = state.leader().get().node();
        List<Step> steps = new ArrayList<>();
        List<Refusal> missing = new ArrayList<>();
        state.members().stream()
                .filter(m -> m.node().equals(leader) == isPrimary && !m.isOutOfReach())
                .filter(m -> !isReady(state.archive(m), isPrimary))
                .filter(m -> isPrimary || m.hasDatabase() || m.isMadeToFollow())
                .forEach(m -> {
                    if (state.archive(m).isUnknown()) {
                        missing.add(unknown(state, m));
                    } else {
                        steps.add(prepared(state, m, isPrimary));
                    }
                });
        return new Plan(steps, List.of(), List.of(), missing);
    }

    private static Refusal unknown(PostgresState state, MemberState member) {
        Optional<ActionResult> lacking = state.archive(member).lacking();
        if (lacking.isPresent()) {
            return new Refusal(
                    member.node().id(),
                    "the repository exists, and Holdfast does not change the archiving: "
                            + lacking.get().reason(),
                    lacking.get().hint());
        }
        return new Refusal(
                member.node().id(),
                "Holdfast does not know whether " + member.name()
                        + " reaches the repository, so Holdfast does not change the archiving: "
                        + (member.isOutOfReach()
                                ? member.hostTrouble()
                                : state.archive(member).trouble()),
                "make the host of the member and the host of the repository answer, then holdfast apply",
                ExitCode.UNREACHABLE);
    }

    /** A member that does not reach the primary's repository cannot archive. */
    private static boolean isReady(ArchivingState state, boolean isPrimary) {
        return state.isConfigured() && (state.hasStanza() && state.isKept() || !isPrimary);
    }

    private Step prepared(PostgresState state, MemberState member, boolean isPrimary) {
        Node node = member.node();
        ArchivingState now = state.archive(member);
        String because = !now.trouble().isEmpty()
                ? now.trouble()
                : !now.isConfigured()
                        ? "pgbackrest.conf is not as declared"
                        : now.hasStanza()
                                ? "the configuration on the repository host is not as declared"
                                : "the database has no stanza in "
                                        + archive.orElseThrow().folder();
        return Step.on(
                        node.id(),
                        (isPrimary ? "Create the pgBackRest stanza for " : "Configure pgBackRest on ") + node.name())
                .because(member.hasDatabase() ? because : "backups are declared")
                .type(archive.orElseThrow().prepare(member, now, binaries(state, member), isPrimary))
                .until(
                        condition(
                                node,
                                binaries(state, member),
                                node.name() + " has its pgbackrest.conf and reaches the repository",
                                s -> s.hasStanza() && isReady(s, isPrimary)),
                        MOMENT);
    }

    /** The stage after the standbys follow: without it, the operator notices a wrong archive_command too late. */
    public Plan arrival(PostgresState state) {
        Optional<MemberState> leader = state.leader();
        if (leader.flatMap(l -> lost(state, l)).isPresent()) {
            return Plan.NOTHING; // reported by an earlier stage
        }
        Plan foreignWal = foreign.setAside(state);
        if (!foreignWal.isEmpty()) {
            return foreignWal;
        }
        Optional<Refusal> failing = leader.flatMap(l -> failing(state, l).or(() -> stalled(state, l)));
        if (archive.isPresent() && failing.isPresent()) {
            return Plan.open(List.of(failing.get()));
        }
        if (archive.isEmpty()
                || leader.isEmpty()
                || leader.get().hasDatabase()
                        && (!leader.get().isUp()
                                || leader.get().isOutOfReach()
                                || state.archive(leader.get()).isUnknown()
                                || state.archive(leader.get()).isIn())) {
            return Plan.NOTHING;
        }
        MemberState primary = leader.get();
        Node node = primary.node();
        return Plan.of(List.of(Step.on(node.id(), "Verify WAL archiving of " + node.name())
                .because("the repository has no segment of the timeline of " + node.name())
                .type(actions.sql(node, Script.of("postgres/switch-segment.sql")))
                .until(
                        condition(
                                node,
                                binaries(state, primary),
                                "a segment of the timeline of " + node.name() + " is in "
                                        + archive.get().folder(),
                                ArchivingState::isIn),
                        ARRIVAL)));
    }

    /**
     * The primary has archived, but the directory is missing, for example because its disk is not mounted. A new repository
     * would hide the old one.
     */
    private Optional<Refusal> lost(PostgresState state, MemberState leader) {
        ArchivingState now = state.archive(leader);
        boolean hasArchived = leader.isUp()
                && !leader.server()
                        .archiver()
                        .getOrDefault("archived_count", "0")
                        .equals("0");
        String folder = archive.map(PgBackRestConfig::folder).orElse("");
        return hasArchived && now.isGone() && !now.hasStanza()
                ? Optional.of(new Refusal(
                        leader.node().id(),
                        leader.name() + " has archived WAL, but the repository " + folder
                                + " does not exist: the disk is not mounted, or the directory was removed",
                        "mount the disk of the repository; or, for a new and empty repository, run mkdir -p " + folder
                                + " and then holdfast apply",
                        ExitCode.INCOMPLETE))
                : Optional.empty();
    }

    /** The server reports that it cannot archive, although its configuration is as declared. */
    private Optional<Refusal> failing(PostgresState state, MemberState leader) {
        ArchivingState now = state.archive(leader);
        boolean fails = leader.isUp()
                && leader.server().archiver().getOrDefault("failing", "").equals("true")
                && leader.server().altered().isEmpty()
                && isReady(now, true);
        String cause = now.cause();
        return fails
                ? Optional.of(new Refusal(
                        leader.node().id(),
                        leader.name() + " cannot archive "
                                + leader.server().archiver().getOrDefault("last_failed_wal", "")
                                + (cause.isEmpty() ? "" : ": " + cause),
                        foreign.byHand(state, leader)
                                .orElse("correct the repository; the server log in "
                                        + leader.node().directory()
                                        + "/log shows the reason; the primary retains WAL until then"),
                        ExitCode.INCOMPLETE))
                : Optional.empty();
    }

    /** No failure is reported, but archive_command does not finish. */
    private static Optional<Refusal> stalled(PostgresState state, MemberState leader) {
        boolean stalls = leader.isUp()
                && leader.server().isArchivingStalled()
                && leader.server().altered().isEmpty()
                && isReady(state.archive(leader), true);
        return stalls
                ? Optional.of(new Refusal(
                        leader.node().id(),
                        leader.name() + " has " + leader.server().archiver().get("ready")
                                + " segments waiting to be archived, and archive_command neither finishes nor fails",
                        "end a hanging archive-push on " + leader.node().host().name()
                                + " (ps -ef shows it), and never PostgreSQL's archiver process; the primary retains WAL"
                                + " until then",
                        ExitCode.INCOMPLETE))
                : Optional.empty();
    }

    private static String binaries(PostgresState state, MemberState member) {
        return member.host().programs().getOrDefault(state.major(), "");
    }

    private Condition condition(Node node, String binaries, String description, Predicate<ArchivingState> holds) {
        return new Condition(description, context -> {
            ArchivingState state = archive.orElseThrow().observe(context, node, binaries);
            String message = !state.trouble().isEmpty()
                    ? state.trouble()
                    : "configured " + state.isConfigured() + ", stanza " + state.hasStanza() + ", segments "
                            + (state.isIn() ? "archived" : "not archived");
            return new ProbeResult(holds.test(state), message);
        });
    }
}
