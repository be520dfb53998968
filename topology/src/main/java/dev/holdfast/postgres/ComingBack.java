package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.Ruling.Way;
import dev.holdfast.world.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a member that was left behind comes back.
 *
 * <ol>
 *   <li>The new primary's control file shows its timeline: before that, pg_rewind finds both on one timeline and does nothing.
 *   <li>What only the member has is kept aside: its log, the same in words, and the rows. Then it is stopped, if it runs.
 *   <li>It is rewound, once. When that did not end, or the rows could not be read, its whole folder is kept aside and it
 *       is cloned.
 *   <li>It gets a standby's part and is started; it is no longer fenced.
 * </ol>
 */
final class ComingBack {

    private static final Duration MOMENT = Duration.ofMinutes(5);
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration COPYING = Duration.ofHours(1);

    private final PostgresCluster cluster;
    private final TakeoverTyping typing;
    private final TakeoverUntil until;

    ComingBack(PostgresCluster cluster, TakeoverTyping typing, TakeoverUntil until) {
        this.cluster = cluster;
        this.typing = typing;
        this.until = until;
    }

    List<Step> steps(PostgresSeen seen, MemberSeen member, Way way, String because) {
        MemberSeen primary = seen.primary().orElseThrow();
        List<Step> steps = new ArrayList<>();
        if (way == Way.REWIND) {
            steps.add(checkpointed(primary, member));
        }
        if (way == Way.REWIND) {
            steps.add(kept(seen, member, primary));
        }
        if (member.isUp() && way != Way.FOLLOW) {
            steps.add(stopped(member, because));
        }
        if (way == Way.REWIND) {
            steps.add(rewound(member, primary, TakeoverTyping.folder(seen.at()), because));
        } else if (way == Way.CLONE) {
            steps.add(cloned(seen, member, primary, because));
        } else if (member.wasPrimary()) {
            steps.add(demoted(member, primary, because));
        }
        steps.add(started(member, primary, because));
        return steps;
    }

    Step checkpointed(MemberSeen primary, MemberSeen member) {
        return Step.on(member.node().id(), "Write the timeline of " + primary.name() + " into its control file")
                .because("until a checkpoint it still shows the old one, and a rewind would find nothing to do")
                .type(typing.checkpoint(primary.node()))
                .until(until.controlFileShowsItsTimeline(primary.node()), MOMENT);
    }

    private Step stopped(MemberSeen member, String because) {
        return Step.on(member.node().id(), "Stop " + member.name())
                .because(because)
                .type(typing.plain().stop(member, member.major()))
                .until(
                        until.disk(member.member(), member.name() + " has stopped", MemberSeen::isDown, m -> "it runs"),
                        MOMENT);
    }

    private Step kept(PostgresSeen seen, MemberSeen member, MemberSeen primary) {
        int timeline = member.timeline();
        Wal fork = primary.server().leftTimelineAt(timeline);
        String folder = TakeoverTyping.folder(seen.at());
        return Step.on(member.node().id(), "Keep what only " + member.name() + " has")
                .because("its log of timeline " + timeline + " from " + fork
                        + " on is rewound away; log and rows are kept in "
                        + member.node().directory() + "/kept/" + folder)
                .type(typing.keep(member, timeline, fork, folder))
                .until(
                        until.disk(
                                member.member(),
                                "it is kept",
                                m -> m.disk().marks().getOrDefault("kept", "").equals(folder)
                                        && !m.disk().marks().containsKey("unread"),
                                m -> "kept so far: " + m.disk().marks().getOrDefault("kept", "nothing")),
                        COPYING);
    }

    private Step rewound(MemberSeen member, MemberSeen primary, String name, String because) {
        return Step.on(
                        member.node().id(),
                        "Rewind " + member.name() + " to where " + primary.name() + " left its timeline")
                .because(because)
                .type(configured(member, primary.node()), typing.rewind(member, primary.node(), name))
                .until(
                        until.disk(
                                member.member(),
                                member.name() + " is rewound, and ready to start as a standby",
                                m -> m.disk()
                                                .marks()
                                                .getOrDefault("rewound", "")
                                                .equals(name)
                                        && m.disk().part().equals("standby"),
                                m -> "its last rewind: " + m.disk().marks().getOrDefault("rewound", "none")),
                        COPYING);
    }

    private Condition isCloned(MemberSeen member, String folder) {
        return until.disk(
                member.member(),
                member.name() + " is a new copy",
                m -> m.disk().part().equals("standby")
                        && (!member.hasDatabase()
                                || m.disk().marks().getOrDefault("kept", "").equals(folder)),
                m -> "it would start as " + m.disk().part());
    }

    private Condition isStandby(MemberSeen member) {
        return until.disk(
                member.member(),
                member.name() + " is ready to start as a standby",
                m -> m.disk().part().equals("standby")
                        && !m.disk().marks().containsKey("rewind")
                        && m.disk().fence().isEmpty(),
                m -> "it would start as " + m.disk().part());
    }

    private Step cloned(PostgresSeen seen, MemberSeen member, MemberSeen primary, String because) {
        String folder = TakeoverTyping.folder(seen.at());
        return Step.on(member.node().id(), "Clone " + primary.name() + " to " + member.name() + " anew")
                .because(because
                        + (member.hasDatabase()
                                ? "; its folder is kept in " + member.node().directory() + "/kept/" + folder
                                : ""))
                .type(
                        typing.aside(member.node(), folder),
                        configured(member, primary.node()),
                        typing.plain().clone(withPrograms(member, primary), primary.node(), primary.major()))
                .until(isCloned(member, folder), Typing.CLONING);
    }

    private Step demoted(MemberSeen member, MemberSeen primary, String because) {
        return Step.on(member.node().id(), "Make " + member.name() + " a standby of " + primary.name())
                .because(because)
                .type(configured(member, primary.node()), typing.demote(member.node()))
                .until(isStandby(member), MOMENT);
    }

    private Step started(MemberSeen member, MemberSeen primary, String because) {
        return Step.on(member.node().id(), "Start " + member.name() + " as standby of " + primary.name())
                .because(because)
                .risk(Risk.NONE)
                .type(
                        configured(member, primary.node()),
                        typing.plain().start(withPrograms(member, primary), primary.major()))
                .until(until.follows(primary.node(), member.node()), START);
    }

    private static MemberSeen withPrograms(MemberSeen member, MemberSeen primary) {
        return member.host().programs().containsKey(primary.major())
                ? member
                : new MemberSeen(
                        member.member(),
                        member.footing(),
                        primary.host(),
                        member.disk(),
                        member.answer(),
                        member.server());
    }

    private Action configured(MemberSeen member, Node primary) {
        Map<String, String> part = ServerSettings.ofStandby(cluster, member.member(), primary);
        return typing.plain().configure(member.member(), part);
    }
}
