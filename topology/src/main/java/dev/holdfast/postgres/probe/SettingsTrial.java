package dev.holdfast.postgres.probe;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A test of the declared settings on a member's host, before any server reads them.
 *
 * <p>PostgreSQL accepts some settings at a reload that prevent its next start: a library that is not installed, a missing
 * certificate, two limits that exclude each other. So the server program tests them first: {@code postgres/settings-check.sh}.
 * The test runs when the files of a member differ from the declaration or a restart is pending. It always runs when settings
 * name files that can disappear later.
 */
public final class SettingsTrial {

    /** Settings that name files. */
    private static final Set<String> FILES = Set.of("ssl", "shared_preload_libraries");

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final MemberActions actions;

    public SettingsTrial(PostgresCluster cluster, MemberActions actions) {
        this.cluster = cluster;
        this.actions = actions;
    }

    /** Returns whether the settings of a running member need a test. */
    boolean isNeeded(MemberState member) {
        return member.isUp()
                && !member.isOutOfReach()
                && !member.host().programs().getOrDefault(member.major(), "").isEmpty()
                && (isNew(member)
                        || !member.server().pendingRestart().isEmpty()
                        || cluster.settings().keySet().stream().anyMatch(FILES::contains));
    }

    /** Returns whether its files differ from the declared settings. */
    public boolean isNew(MemberState member) {
        List<String> desired = new ArrayList<>(List.of("include 'role.conf'"));
        desired.addAll(actions.mainLines(member.member()));
        return !desired.equals(member.disk().files().getOrDefault("postgresql.conf", List.of()));
    }

    /** {@code postgres/settings-check.sh}. */
    public static final ScriptFormat CHECK = new ScriptFormat("postgres/settings-check.sh", Refused.class);

    private record Refused(String reason) {}

    /** Returns the member, with the reason if its server would not start with the declared settings. */
    MemberState tried(ExecutionContext context, MemberState member) {
        return refused(CHECK.read(context.ask(action(member))))
                .map(member::withRefusedSettings)
                .orElse(member);
    }

    private Action action(MemberState member) {
        Script script = Script.of(CHECK.script())
                .with("directory", member.node().directory())
                .with("binaries", member.host().programs().get(member.major()))
                .with("settings", MemberActions.conf("postgresql.conf", "settings", actions.mainLines(member.member())))
                .with(
                        "role",
                        MemberActions.conf(
                                "role.conf", "settings", ServerConfiguration.lines(ServerConfiguration.ofPrimary(""))));
        return new Action.RunScript(member.node().host(), script, Access.LOOK, LIMIT);
    }

    /** Returns the reason; another check reports unreachable hosts, and a test that could not run is not a success. */
    private static Optional<String> refused(ScriptAnswer answer) {
        if (answer.result().isSilent()) {
            return Optional.empty();
        }
        if (!answer.isOk()) {
            return Optional.of("the settings could not be tested: " + answer.sentence());
        }
        return answer.all(Refused.class).stream().map(r -> r.reason().strip()).findFirst();
    }
}
