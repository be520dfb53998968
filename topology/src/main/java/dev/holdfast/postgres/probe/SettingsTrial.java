package dev.holdfast.postgres.probe;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
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
 * A trial of the declared settings on a member's host, before any server reads them.
 *
 * <p>PostgreSQL accepts some settings at a reload that stop it at its next start: a preloaded library that is not installed, a
 * certificate that is not there, two limits that exclude each other. So the server program itself tries them first:
 * {@code postgres/settings-check.sh}. It is asked when the files of a member differ from what is declared, when a restart is
 * pending, and always when the settings name files that can go missing later.
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

    /** Whether the settings of a running member have to be tried. */
    boolean isNeeded(MemberState member) {
        return member.isUp()
                && !member.isOutOfReach()
                && !member.host().programs().getOrDefault(member.major(), "").isEmpty()
                && (isNew(member)
                        || !member.server().pendingRestart().isEmpty()
                        || cluster.settings().keySet().stream().anyMatch(FILES::contains));
    }

    /** Whether its files do not say yet what is declared. */
    public boolean isNew(MemberState member) {
        List<String> desired = new ArrayList<>(List.of("include 'role.conf'"));
        desired.addAll(actions.mainLines(member.member()));
        return !desired.equals(member.disk().files().getOrDefault("postgresql.conf", List.of()));
    }

    /** The member, with the reason why its server would not start with the declared settings, if it would not. */
    MemberState tried(ExecutionContext context, MemberState member) {
        return refused(context.ask(action(member)))
                .map(member::withRefusedSettings)
                .orElse(member);
    }

    private Action action(MemberState member) {
        Script script = Script.of("postgres/settings-check.sh")
                .with("directory", member.node().directory())
                .with("binaries", member.host().programs().get(member.major()))
                .with("settings", MemberActions.conf("postgresql.conf", "settings", actions.mainLines(member.member())))
                .with(
                        "role",
                        MemberActions.conf(
                                "role.conf", "settings", ServerConfiguration.lines(ServerConfiguration.ofPrimary(""))));
        return new Action.RunScript(member.node().host(), script, Access.LOOK, LIMIT);
    }

    /** A host that does not answer is named elsewhere; a trial that could not be made is no approval. */
    private static Optional<String> refused(ActionResult answer) {
        if (answer.isSilent()) {
            return Optional.empty();
        }
        if (!answer.isOk()) {
            return Optional.of("the trial could not be made: " + answer.sentence());
        }
        return answer.text()
                .lines()
                .filter(l -> l.startsWith("refused\t"))
                .map(l -> l.substring("refused\t".length()).strip())
                .findFirst();
    }
}
