package dev.holdfast.postgres;

import dev.holdfast.engine.Chapter;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runbook.Planned;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.postgres.TakeoverSeen.Leaving;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The runbooks of a PostgreSQL cluster, each told on the occasion it is for. */
record PostgresChapters(Topology topology, PostgresCluster cluster) {

    private static final String GROUP = PostgresCluster.SERVERS;

    List<Chapter> all() {
        List<Chapter> all = new ArrayList<>(List.of(birth(), change()));
        Optional<String> heir = standby(Part.SYNC).or(() -> standby(Part.ASYNC));
        heir.ifPresent(h -> {
            all.add(switchover(h));
            all.add(failover(h));
            all.add(rejoin(h));
        });
        standby(Part.DR).ifPresent(d -> all.add(disaster(d)));
        return all;
    }

    private String primary() {
        return cluster.declaredPrimary().node().name();
    }

    private Optional<String> standby(Part part) {
        return cluster.members().stream()
                .skip(1)
                .filter(m -> m.part() == part)
                .map(m -> m.node().name())
                .findFirst();
    }

    private Imagined imagined() {
        return new Imagined(cluster);
    }

    private Imagined healthy() {
        return imagined().healthy(primary());
    }

    private static List<String> words(List<? extends Rule<?, ?>> table) {
        return table.stream().map(Rule::when).toList();
    }

    private static Order order(Optional<String> to, boolean acceptDataLoss) {
        return new Order(GROUP, to, acceptDataLoss, Set.of());
    }

    private Chapter birth() {
        Runbook<PostgresSeen> book = PostgresProvision.runbook(topology, cluster);
        return Chapter.birth(
                cluster.name(), Chapter.acts(book, act -> imagined().seen()));
    }

    /** Only the restarts: what else a healthy cluster would need is not a matter of this occasion. */
    private Chapter change() {
        Runbook<PostgresSeen> book = PostgresProvision.runbook(topology, cluster);
        List<Planned> restarts = Chapter.acts(
                        book, act -> healthy().pendingRestart().seen())
                .stream()
                .filter(p -> p.act().equals("restarts"))
                .toList();
        return Chapter.applied(
                "Change a setting of " + cluster.name() + " that needs restarts",
                "A setting that only a restart changes was changed in the topology; here huge_pages, as an example.",
                restarts);
    }

    private Chapter switchover(String heir) {
        Optional<Leaving> leaving = Optional.of(Imagined.leaving(primary()));
        return Chapter.of(
                "Switch over " + cluster.name(),
                PostgresSwitchover.maneuver(topology, cluster, order(Optional.empty(), false)),
                "Maintenance of the primary's host, or a primary that shall be elsewhere. All members answer.",
                "switchover " + cluster.name(),
                words(SwitchoverCase.TABLE),
                act -> switch (act) {
                    case "decision", "preparation", "handover" -> healthy().seen(leaving);
                    case "promotion" -> stopped(heir).seen(leaving);
                    case "record of the failover", "slots", "followers" ->
                        stopped(heir).promoted(heir, false).seen(leaving);
                    default ->
                        stopped(heir).promoted(heir, true).back(primary()).seen(leaving);
                });
    }

    private Imagined stopped(String heir) {
        return imagined().lost(primary(), "shut down").fenced(primary(), Fence.SWITCHOVER, heir);
    }

    private Chapter failover(String heir) {
        return Chapter.of(
                "Fail over " + cluster.name(),
                PostgresFailover.maneuver(topology, cluster, order(Optional.empty(), false)),
                "The primary's process is gone, as its host says, or it answers no query. Standbys answer.",
                "failover " + cluster.name(),
                words(FailoverCase.TABLE),
                act -> taken(act, heir));
    }

    private TakeoverSeen taken(String act, String heir) {
        Optional<Leaving> leaving = Optional.of(Imagined.leaving(primary()));
        return switch (act) {
            case "decision", "fence" ->
                imagined().lost(primary(), "in production").seen(leaving);
            case "promotion" -> fenced(heir).seen(leaving);
            case "record of the failover", "slots", "followers" ->
                fenced(heir).promoted(heir, false).seen(leaving);
            default -> fenced(heir).promoted(heir, true).seen(leaving);
        };
    }

    private Imagined fenced(String heir) {
        return imagined().lost(primary(), "in production").fenced(primary(), Fence.FAILOVER, heir);
    }

    private Chapter rejoin(String heir) {
        return Chapter.of(
                "Rejoin " + cluster.name() + "/" + GROUP + "/" + primary(),
                PostgresRejoin.maneuver(topology, cluster, order(Optional.of(primary()), false)),
                "After a failover: the host of the old primary is sound again, and its data is there.",
                "rejoin " + cluster.name() + "/" + GROUP + "/" + primary(),
                words(RejoinCase.TABLE),
                act -> switch (act) {
                    case "decision", "slots", "return" ->
                        fenced(heir).promoted(heir, true).seen(Optional.empty());
                    default -> fenced(heir).promoted(heir, true).back(primary()).seen(Optional.empty());
                });
    }

    private Chapter disaster(String copy) {
        List<String> gone = cluster.members().stream()
                .filter(m -> m.part() != Part.DR)
                .map(Member::node)
                .map(n -> n.name())
                .collect(Collectors.toList());
        return Chapter.of(
                "Promote the disaster-recovery copy " + copy + " of " + cluster.name(),
                PostgresFailover.maneuver(topology, cluster, order(Optional.of(copy), true)),
                "The primary and all standbys beside it are lost (" + String.join(", ", gone)
                        + "); only a disaster-recovery copy answers. It may lack acknowledged commits: without"
                        + " --accept-data-loss the command says how many, and changes nothing.",
                "failover " + cluster.name() + " --to " + copy + " --accept-data-loss",
                words(FailoverCase.TABLE),
                act -> alone(act, copy));
    }

    private TakeoverSeen alone(String act, String copy) {
        Optional<Leaving> leaving = Optional.of(Imagined.leaving(primary()));
        Imagined now = imagined().lost(primary(), "in production").behind();
        cluster.members().stream()
                .skip(1)
                .filter(m -> m.part() != Part.DR)
                .forEach(m -> now.down(m.node().name()));
        return switch (act) {
            case "decision", "fence" -> now.seen(leaving);
            case "promotion" -> now.fenced(primary(), Fence.FAILOVER, copy).seen(leaving);
            default ->
                now.fenced(primary(), Fence.FAILOVER, copy).promoted(copy, true).seen(leaving);
        };
    }
}
