package dev.holdfast.cli.preflight;

import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Node;
import dev.holdfast.preflight.EstateNeeds;
import dev.holdfast.preflight.Finding;
import dev.holdfast.preflight.HostObservation;
import dev.holdfast.preflight.PreflightProbe;
import dev.holdfast.preflight.PreflightReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Observes the hosts of an estate, for {@code preflight} and before {@code apply} creates servers; changes nothing. */
public final class HostPreflight {

    private final EstateNeeds needs;

    public HostPreflight(LoadedEstate estate) {
        this.needs = EstateNeeds.of(
                estate.topology(),
                estate.topology().clusters().stream()
                        .flatMap(c -> LoadedEstate.engine(c).needs(c).stream())
                        .toList());
    }

    /** @param limit of the whole observation */
    PreflightReport report(ExecutionContext context, Duration limit) {
        PreflightProbe probe = new PreflightProbe(context, needs, limit);
        return PreflightReport.of(needs, probe.observe(probe.facts()));
    }

    /**
     * Observes the hosts when a server is to be created. On an estate that exists, the facts about nodes are enough.
     *
     * @throws HoldfastException REFUSED with the errors because of which new servers would fail
     */
    public void requireForCreation(ExecutionContext context, Duration limit) {
        PreflightProbe probe = new PreflightProbe(context, needs, limit);
        Map<Node, HostFacts> facts = probe.facts();
        Set<String> creating = facts.entrySet().stream()
                .filter(e -> HostObservation.isNew(e.getValue()))
                .map(e -> e.getKey().host().name())
                .collect(Collectors.toSet());
        if (creating.isEmpty()) {
            return;
        }
        List<Finding> errors = PreflightReport.of(needs, probe.observe(facts)).stopping(creating);
        if (!errors.isEmpty()) {
            throw new HoldfastException(
                    ExitCode.REFUSED,
                    needs.estate(),
                    (errors.size() == 1 ? "1 error" : errors.size() + " errors")
                            + " on hosts where servers are to be created. Nothing was changed\n"
                            + errors.stream().map(PreflightView::lines).collect(Collectors.joining("\n")),
                    "holdfast preflight shows all findings; apply --skip-preflight creates the servers all the same");
        }
    }
}
