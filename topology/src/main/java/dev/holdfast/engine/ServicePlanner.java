package dev.holdfast.engine;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.model.Services;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The stage that gives running servers their systemd units; one lane per server, and no server is restarted. A server that Holdfast
 * starts gets its unit with the start.
 */
public final class ServicePlanner {

    private static final Duration MOMENT = Duration.ofSeconds(60);

    private ServicePlanner() {}

    /** @param observed the facts about a node */
    public static Plan plan(List<ServiceUnit> units, Function<Node, HostFacts> observed) {
        List<Step> steps = new ArrayList<>();
        List<Refusal> open = new ArrayList<>();
        for (ServiceUnit unit : units) {
            HostFacts host = observed.apply(unit.node());
            if (!unit.isDeclarable() || !host.isUp() || host.directoryOwner() != DirectoryOwner.OURS) {
                continue;
            }
            Optional<ServiceFacts> service = host.service();
            service.flatMap(s -> step(unit, s)).ifPresent(steps::add);
            service.map(s -> unusable(unit, s))
                    .orElseGet(() -> Optional.of(unknown(unit)))
                    .ifPresent(open::add);
        }
        return Plan.of(steps).and(Plan.open(open));
    }

    private static Optional<Step> step(ServiceUnit unit, ServiceFacts service) {
        return switch (service.state()) {
            case DIFFERENT ->
                Optional.of(step(
                        unit,
                        "Enable the service of " + unit.node().id(),
                        because(service) + "; " + unit.name()
                                + " does so from the next boot on, without a restart now"));
            case PRESENT ->
                Optional.of(step(
                        unit,
                        "Remove the service of " + unit.node().id(),
                        "the topology declares services: none; the server goes on as it is"));
            case CURRENT, UNUSABLE -> Optional.empty();
        };
    }

    private static String because(ServiceFacts service) {
        return service.reason().equals("missing")
                ? "nothing starts the server after a reboot of its host"
                : "the unit is not as declared (" + service.reason() + ")";
    }

    private static Step step(ServiceUnit unit, String title, String because) {
        Script script = unit.onto(Script.of("host/service.sh")
                .with("directory", unit.node().directory())
                .with("mark", HostFacts.mark(unit.estate(), unit.node()))
                .with("pidfile", unit.pidFile()));
        return Step.on(unit.node().id(), title)
                .because(because)
                .type(new Action.RunScript(unit.node().host(), script, Access.CHANGE, MOMENT))
                .until(ServiceProbe.isAsDeclared(unit), MOMENT);
    }

    private static Refusal unknown(ServiceUnit unit) {
        return new Refusal(
                unit.node().id(),
                "the host did not report whether a unit starts the server after a reboot",
                "make the host answer, then holdfast plan",
                ExitCode.UNREACHABLE);
    }

    private static Optional<Refusal> unusable(ServiceUnit unit, ServiceFacts service) {
        boolean isDeclared = unit.node().host().services() == Services.SYSTEMD;
        return isDeclared && service.state() == ServiceFacts.State.UNUSABLE
                ? Optional.of(new Refusal(
                        unit.node().id(),
                        "the topology declares services: systemd, and nothing starts the server after a reboot: "
                                + service.reason(),
                        "log in as root, or run loginctl enable-linger for the login; or declare services: none",
                        ExitCode.INCOMPLETE))
                : Optional.empty();
    }
}
