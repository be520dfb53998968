package dev.holdfast.postgres.provision;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.value.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings that a standby needs to replay its own WAL.
 *
 * <p>A standby with lower settings than its primary stops replaying, and ends with "insufficient parameter settings" when it is
 * promoted. Its control file holds the settings of the primary, as far as it has replayed. {@code start.sh} passes at least
 * these values, so a restart of the standby is enough.
 */
public final class ReplaySettings {

    private static final Pattern NEED = Pattern.compile("([a-z_]+)=([0-9]+)");
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration RESTART = Duration.ofSeconds(120);

    private ReplaySettings() {}

    /** Returns the settings of a running standby that are too low for its WAL, as sentences; empty when it can be promoted. */
    public static List<String> missing(MemberState member) {
        List<String> missing = new ArrayList<>();
        if (!member.isStandby()) {
            return missing;
        }
        Matcher need = NEED.matcher(member.disk().marks().getOrDefault("needs", ""));
        while (need.find()) {
            Map<String, String> row = member.server().settings().getOrDefault(need.group(1), Map.of());
            String setting = row.getOrDefault("setting", "");
            boolean isKnown = setting.matches("[0-9]{1,9}");
            if (!isKnown || Long.parseLong(setting) < Long.parseLong(need.group(2))) {
                missing.add(
                        need.group(1) + " is " + (isKnown ? setting : "unknown") + ", its WAL needs " + need.group(2));
            }
        }
        return missing;
    }

    /** Plans a restart of a candidate whose settings are too low for its WAL; runs before the primary is fenced. */
    public static Plan restart(
            PostgresCluster cluster,
            MemberState candidate,
            MemberActions actions,
            Function<dev.holdfast.execution.ExecutionContext, MemberState> look) {
        List<String> missing = missing(candidate);
        if (missing.isEmpty()) {
            return Plan.NOTHING;
        }
        Lsn end = candidate.server().end();
        return Plan.of(List.of(Step.on(
                        cluster.name(), "Restart " + candidate.name() + " with the settings that its WAL needs")
                .because(ConfigurationDiff.description(missing) + "; the server would shut down at its promotion")
                .type(actions.stop(candidate, candidate.major(), STOP), actions.start(candidate, candidate.major()))
                .until(
                        new Condition(
                                candidate.name() + " is a standby with all of its WAL and can be promoted", context -> {
                                    MemberState state = look.apply(context);
                                    boolean holds = state.isStandby()
                                            && missing(state).isEmpty()
                                            && !end.isPast(state.server().end());
                                    return new ProbeResult(holds, description(state, end));
                                }),
                        RESTART)));
    }

    private static String description(MemberState state, Lsn end) {
        ActionResult answer = state.answer();
        return !answer.isOk()
                ? answer.sentence()
                : missing(state).isEmpty()
                        ? state.name() + " has WAL up to " + state.server().end() + " of " + end
                        : ConfigurationDiff.description(missing(state));
    }
}
