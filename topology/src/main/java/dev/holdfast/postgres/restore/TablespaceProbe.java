package dev.holdfast.postgres.restore;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.backup.BackupState;
import dev.holdfast.postgres.backup.ReplayTarget;
import dev.holdfast.postgres.backup.RepositoryProbe;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The probe of the tablespaces of servers, and of whether their location prevents a restore.
 *
 * <p>A restore places the tablespaces of a base backup below the directory of the restored server. WAL replay creates a younger
 * tablespace again at its original location, which on the machine of a live server is the live directory.
 *
 * @param source the cluster whose backups they are
 * @param isInPlace whether the members' own data is preserved first
 */
public record TablespaceProbe(RepositoryProbe repository, PostgresCluster source, boolean isInPlace) {

    private static final Duration LOOK = Duration.ofSeconds(20);

    /**
     * The tablespaces of servers.
     *
     * @param unreached the refusal of a host without an answer; empty when all hosts have answered
     */
    private record Spaces(List<Space> all, Optional<Refusal> unreached) {}

    /** A tablespace of a server, with the reason why it cannot be preserved; empty when it can. */
    private record Space(String server, String oid, String location, String why) {}

    Optional<Refusal> refusal(ExecutionContext context, BackupState state, Node destination, ReplayTarget goal) {
        if (isInPlace) {
            Spaces spaces = look(context, source.servers());
            return spaces.unreached()
                    .or(
                            () -> spaces.all().stream()
                                    .filter(s -> !s.why().isEmpty())
                                    .findFirst()
                                    .map(
                                            s -> new Refusal(
                                                    s.server(),
                                                    "the tablespace " + s.location() + " cannot be preserved: "
                                                            + s.why() + ". Nothing was changed",
                                                    "restore into another estate; or move the tablespace into a directory of that file system")));
        }
        Spaces spaces = look(
                context,
                source.servers().stream()
                        .filter(n -> isSameMachine(n.host(), destination.host()))
                        .toList());
        List<Space> live = spaces.all();
        if (spaces.unreached().isPresent() || live.isEmpty()) {
            return spaces.unreached();
        }
        Set<String> copied = repository.spaces(context, state, goal.label());
        return live.stream()
                .filter(s -> !copied.contains(s.oid() + "\t" + s.location()))
                .findFirst()
                .map(
                        s -> new Refusal(
                                destination.id(),
                                "the tablespace " + s.location() + " of " + s.server()
                                        + " was created after the base backup "
                                        + goal.label()
                                        + ": WAL replay would create it again in the live directory. Nothing was changed",
                                "make a base backup (holdfast backup run " + source.name()
                                        + ") and restore to a recovery target after it; or restore into another estate on other machines"));
    }

    private static boolean isSameMachine(Host one, Host other) {
        return one.address().equals(other.address())
                || one.reach() instanceof HostAccess.Local && other.reach() instanceof HostAccess.Local;
    }

    /** {@code postgres/tablespaces-look.sh}. */
    public static final ScriptFormat FORMAT = new ScriptFormat("postgres/tablespaces-look.sh", FoundSpace.class);

    private record FoundSpace(String id, String oid, String location, String reason) {}

    private static Spaces look(ExecutionContext context, List<Node> nodes) {
        Map<Host, List<Node>> byHost =
                nodes.stream().collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
        List<Action> questions = new ArrayList<>();
        byHost.forEach((host, its) -> questions.add(PgBackRestConfig.exec(
                host,
                Script.of(FORMAT.script())
                        .with(
                                "nodes",
                                its.stream()
                                        .map(n -> n.id() + "\t" + n.directory())
                                        .collect(Collectors.joining("\n"))),
                Access.LOOK,
                LOOK)));
        List<Space> spaces = new ArrayList<>();
        List<ActionResult> answers = context.askAll(questions);
        for (int i = 0; i < answers.size(); i++) {
            ScriptAnswer answer = FORMAT.read(answers.get(i));
            if (!answer.isOk()) {
                return new Spaces(
                        List.of(), Optional.of(unreached(questions.get(i).host(), answer)));
            }
            answer.all(FoundSpace.class).forEach(s -> spaces.add(new Space(s.id(), s.oid(), s.location(), s.reason())));
        }
        return new Spaces(spaces, Optional.empty());
    }

    private static Refusal unreached(Host host, ScriptAnswer answer) {
        return new Refusal(
                host.name(),
                "the host does not report the tablespaces of its servers: " + answer.sentence()
                        + ". Nothing was changed",
                "make the host answer, then restore again",
                ExitCode.UNREACHABLE);
    }
}
