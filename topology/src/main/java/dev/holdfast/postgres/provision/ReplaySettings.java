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
 * What a standby's own log needs of its settings.
 *
 * <p>A standby that runs with less than its primary had stops replaying, and ends with "insufficient parameter settings" when it
 * is promoted. Its control file holds what the primary had, as far as it has replayed. {@code start.sh} gives it as much, so a
 * restart of the standby is enough.
 */
public final class ReplaySettings {

    private static final Pattern NEED = Pattern.compile("([a-z_]+)=([0-9]+)");
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration RESTART = Duration.ofSeconds(120);

    private ReplaySettings() {}

    /** The settings of a running standby that are lower than its log needs, as sentences; empty when it can be promoted. */
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
                missing.add(need.group(1) + " is " + (isKnown ? setting : "not known") + ", its log needs "
                        + need.group(2));
            }
        }
        return missing;
    }

    /** Before anything is fenced: a candidate whose settings its log does not allow is restarted with what the log needs. */
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
                        cluster.name(), "Restart " + candidate.name() + " with the settings that its log needs")
                .because(ConfigurationDiff.description(missing) + "; it would end when it is promoted")
                .type(actions.stop(candidate, candidate.major(), STOP), actions.start(candidate, candidate.major()))
                .until(
                        new Condition(
                                candidate.name() + " is a standby with all of its log, and can be promoted",
                                context -> {
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
                        ? "it has log up to " + state.server().end() + " of " + end
                        : ConfigurationDiff.description(missing(state));
    }
}
