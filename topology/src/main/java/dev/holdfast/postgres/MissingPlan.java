package dev.holdfast.postgres;

import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.world.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The last act: everybody who should be there and is not; one whose host answers is waited for, the others are named. */
final class MissingPlan {

    private static final Duration SERVER = Duration.ofSeconds(30);
    private static final Duration RECOVERY = Duration.ofMinutes(30);

    private final Prospects prospects;
    private final Until until;

    MissingPlan(Prospects prospects, Until until) {
        this.prospects = prospects;
        this.until = until;
    }

    Plan plan(PostgresSeen seen) {
        if (seen.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberSeen primary = seen.primary().get();
        List<Step> steps = new ArrayList<>();
        List<Refusal> missing = new ArrayList<>();
        seen.members().stream()
                .filter(MemberSeen::isOutOfReach)
                .forEach(m -> missing.add(unreached(m.node(), m.hostTrouble())));
        seen.others().forEach(m -> {
            if (!m.isOutOfReach() && !m.isDown() && !seen.follows(m) && !prospects.isMended(seen, m)) {
                steps.add(following(m, primary));
            }
        });
        seen.proxies().stream()
                .filter(p -> p.footing().process() == State.SILENT)
                .forEach(p -> missing.add(unreached(p.node(), p.footing().told())));
        return new Plan(steps, List.of(), List.of(), missing);
    }

    private static Refusal unreached(Node node, String why) {
        return new Refusal(
                node.id(),
                "its host " + node.host().name() + " does not answer, so it is left as it is: " + why,
                "make the host answer, then apply again",
                Exit.UNREACHABLE);
    }

    private Step following(MemberSeen member, MemberSeen primary) {
        String because = member.isUp()
                ? "it runs, but does not receive the log from " + primary.name()
                : "its process is there, but: " + member.answer().sentence();
        return Step.on(member.node().id(), "Wait until " + member.name() + " follows " + primary.name())
                .because(because)
                .until(until.follows(primary.node(), member.member()), member.isStarting() ? RECOVERY : SERVER);
    }
}
