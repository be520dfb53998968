package dev.holdfast.postgres;

import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The acts that make the log arrive in the repository: the primary first, before anything fills a segment; the others when
 * they have a database; at last a segment is seen to arrive. After a promotion the same proves that the archive goes on.
 */
final class ArchivePlan {

    private static final Duration MOMENT = Duration.ofMinutes(2);
    /** After three failures the archiver waits a minute before it tries again. */
    private static final Duration ARRIVAL = Duration.ofMinutes(3);

    private final Optional<Archive> archive;
    private final Typing typing;

    ArchivePlan(Topology topology, PostgresCluster cluster, Typing typing) {
        this.archive = Repository.of(cluster).map(r -> new Archive(topology, cluster, r));
        this.typing = typing;
    }

    /** After a change of the primary, where backups are declared: its own timeline is seen in the repository. */
    static Optional<Runbook<?>> continuity(Topology topology, PostgresCluster cluster) {
        ArchivePlan plan = new ArchivePlan(topology, cluster, new Typing(topology, cluster));
        PostgresProbes probes = new PostgresProbes(topology, cluster);
        return plan.archive.map(a -> new Runbook<>(
                cluster.name(),
                "see that the archive of " + cluster.name() + " goes on",
                world -> probes.look(world, true),
                List.of(new Act<>("archive", plan::goesOn))));
    }

    private Plan goesOn(PostgresSeen seen) {
        String name = seen.cluster().name();
        if (seen.primary().filter(MemberSeen::isUp).isEmpty()) {
            return Plan.refused(List.of(new Refusal(
                    name,
                    "no primary answers, so it is not known whether its log arrives in the repository",
                    "holdfast backup list " + name + " tells what is not archived",
                    Exit.UNREACHABLE)));
        }
        return arrival(seen);
    }

    Plan primary(PostgresSeen seen) {
        return prepared(seen, true);
    }

    Plan standbys(PostgresSeen seen) {
        return prepared(seen, false);
    }

    private Plan prepared(PostgresSeen seen, boolean isPrimary) {
        if (archive.isEmpty() || seen.leader().isEmpty()) {
            return Plan.NOTHING;
        }
        Node leader = seen.leader().get().node();
        List<Step> steps = new ArrayList<>();
        seen.members().stream()
                .filter(m -> m.node().equals(leader) == isPrimary && !m.isOutOfReach())
                .filter(m -> !isReady(seen.archive(m), isPrimary))
                .filter(m -> isPrimary || m.hasDatabase() || StandbysPlan.makesFollow(m))
                .forEach(m -> steps.add(prepared(seen, m, isPrimary)));
        return Plan.of(steps);
    }

    /** Who does not reach what the primary made there cannot archive. */
    private static boolean isReady(ArchiveSeen seen, boolean isPrimary) {
        return seen.isConfigured() && (seen.hasStanza() && seen.isKept() || !isPrimary);
    }

    private Step prepared(PostgresSeen seen, MemberSeen member, boolean isPrimary) {
        Node node = member.node();
        ArchiveSeen now = seen.archive(member);
        String because = !now.trouble().isEmpty()
                ? now.trouble()
                : !now.isConfigured()
                        ? "its pgbackrest.conf is not as declared"
                        : now.hasStanza()
                                ? "what the repository's machine has of it is not as declared"
                                : "there is no stanza for its database in "
                                        + archive.orElseThrow().folder();
        return Step.on(node.id(), (isPrimary ? "Make the repository for " : "Give the repository to ") + node.name())
                .because(member.hasDatabase() ? because : "backups are declared")
                .type(archive.orElseThrow().prepare(member, now, binaries(seen, member), isPrimary))
                .until(
                        seen(
                                node,
                                binaries(seen, member),
                                node.name() + " has its pgbackrest.conf and sees the repository",
                                s -> s.hasStanza() && isReady(s, isPrimary)),
                        MOMENT);
    }

    /** The act after standbys follow: without it a wrong archive_command is noticed when it is too late. */
    Plan arrival(PostgresSeen seen) {
        Optional<MemberSeen> leader = seen.leader();
        if (archive.isEmpty()
                || leader.isEmpty()
                || leader.get().hasDatabase()
                        && (!leader.get().isUp() || seen.archive(leader.get()).isIn())) {
            return Plan.NOTHING;
        }
        MemberSeen primary = leader.get();
        Node node = primary.node();
        return Plan.of(List.of(Step.on(node.id(), "See a segment of " + node.name() + " arrive in the repository")
                .because("none of its timeline is there yet")
                .type(typing.sql(node, Script.of("postgres/switch-segment.sql")))
                .until(
                        seen(
                                node,
                                binaries(seen, primary),
                                "a segment of its timeline is in "
                                        + archive.get().folder(),
                                ArchiveSeen::isIn),
                        ARRIVAL)));
    }

    private static String binaries(PostgresSeen seen, MemberSeen member) {
        return member.host().programs().getOrDefault(seen.major(), "");
    }

    private Condition seen(Node node, String binaries, String says, Predicate<ArchiveSeen> holds) {
        return new Condition(says, world -> {
            ArchiveSeen seen = archive.orElseThrow().seen(world, node, binaries);
            String told = !seen.trouble().isEmpty()
                    ? seen.trouble()
                    : "configured " + seen.isConfigured() + ", stanza " + seen.hasStanza() + ", segments "
                            + (seen.isIn() ? "there" : "not there");
            return new Glimpse(holds.test(seen), told);
        });
    }
}
