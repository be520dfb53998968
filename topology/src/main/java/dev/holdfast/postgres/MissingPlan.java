package dev.holdfast.postgres;

import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The last act: everybody who should be there and is not; nothing can be typed for them, they are waited for. */
final class MissingPlan {

    private static final Duration HOST = Duration.ofSeconds(5);
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
        seen.others().forEach(m -> {
            if (m.isOutOfReach()) {
                steps.add(reached(m));
            } else if (!m.isDown() && !seen.follows(m) && !prospects.isMended(seen, m)) {
                steps.add(following(m, primary));
            }
        });
        seen.proxies().stream()
                .filter(p -> p.footing().process() == dev.holdfast.world.State.SILENT)
                .forEach(p -> steps.add(reached(p)));
        return Plan.of(steps);
    }

    private Step reached(MemberSeen member) {
        return Step.on(member.node().id(), "Wait for the host of " + member.name())
                .because("the host " + member.node().host().name() + " does not answer: " + member.hostTrouble())
                .until(
                        until.member(
                                member.member(),
                                "the host of " + member.name() + " answers",
                                m -> !m.isOutOfReach(),
                                m -> m.hostTrouble()),
                        HOST);
    }

    private Step reached(ProxySeen proxy) {
        return Step.on(
                        proxy.node().id(),
                        "Wait for the host of the proxy " + proxy.node().name())
                .because("the host " + proxy.node().host().name() + " does not answer: "
                        + proxy.footing().told())
                .until(
                        until.proxy(
                                proxy.proxy(),
                                "the host of " + proxy.node().name() + " answers",
                                p -> p.footing().process() != dev.holdfast.world.State.SILENT,
                                p -> p.footing().told()),
                        HOST);
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
