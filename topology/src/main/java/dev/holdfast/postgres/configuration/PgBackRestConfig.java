package dev.holdfast.postgres.configuration;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pgBackRest configuration of a cluster, with the actions that observe it, write it and make backups. Each member has one
 * file, outside its data directory.
 *
 * <p>The repository has one directory per system identifier. A recreated cluster never mixes with the backups of an earlier
 * one, and a restored copy never writes into the backups of its source.
 */
public final class PgBackRestConfig {

    /** A placeholder for the system identifier in the input of scripts, which read the value from the data directory. */
    public static final String SYSTEM = PgBackRestFile.SYSTEM;

    /** A look at WAL of another server also fetches and reads a segment. */
    private static final Duration LOOK = Duration.ofSeconds(45);

    private static final Duration MOMENT = Duration.ofMinutes(2);

    private final PostgresCluster cluster;
    private final BackupRepository repository;
    private final PgBackRestFile file;

    public PgBackRestConfig(Topology topology, PostgresCluster cluster, BackupRepository repository) {
        this.cluster = cluster;
        this.repository = repository;
        this.file = new PgBackRestFile(topology, cluster, repository);
    }

    public BackupRepository declared() {
        return repository;
    }

    static String command(PostgresCluster cluster, String conf, String what) {
        return "pgbackrest --config=" + conf.replace("%", "%%") + "/pgbackrest.conf --stanza=" + cluster.name() + " "
                + what;
    }

    /** Returns the directory with one repository per system identifier. */
    public String folder() {
        return file.folder();
    }

    /** Returns the pgBackRest server on the repository host; empty where every member mounts the repository as a directory. */
    public Optional<Node> keeper() {
        return file.keeper();
    }

    /** Returns whether a host can reach the repository. */
    public boolean isReachedFrom(Host host) {
        return keeper().isEmpty() || file.server(host).isPresent();
    }

    /** Returns the configuration that reads the repository of a system on its own host, without a server. */
    public Script reader(String system) {
        return file.reader(system);
    }

    /** Returns the configuration that restores a base backup and its WAL on a host. */
    public Script reader(Host host) {
        return file.reader(host);
    }

    /** Queries the archiving state of members that have a database, running or not; empty where no backups are declared. */
    public static Map<Node, ArchivingState> look(
            ExecutionContext context, Topology topology, PostgresCluster cluster, List<MemberState> members) {
        Optional<BackupRepository> repository = cluster.repository();
        if (repository.isEmpty() || members.isEmpty()) {
            return Map.of();
        }
        PgBackRestConfig archive = new PgBackRestConfig(topology, cluster, repository.get());
        List<Action> questions = new ArrayList<>();
        members.forEach(m ->
                questions.add(archive.look(m.node(), m.host().programs().getOrDefault(m.major(), ""))));
        String system = members.get(0).systemIdentifier();
        archive.keeper().ifPresent(k -> questions.add(archive.keptLook(k, system)));
        List<ActionResult> answers = context.askAll(questions);
        ScriptAnswer kept = answers.size() == members.size()
                ? ArchivingState.OWN
                : ArchivingState.CONFIGURED.read(answers.get(members.size()));
        Map<Node, ArchivingState> state = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            MemberState member = members.get(i);
            String binaries = member.host().programs().getOrDefault(member.major(), "");
            state.put(member.node(), archive.read(context, member.node(), binaries, answers.get(i), kept));
        }
        return state;
    }

    /** Reads an answer; without the passphrase of the repository, the question is repeated without it. */
    private ArchivingState read(
            ExecutionContext context, Node node, String binaries, ActionResult answer, ScriptAnswer kept) {
        if (!answer.isRefused(ActionResult.NO_SECRET)) {
            return ArchivingState.of(ArchivingState.LOOK.read(answer), kept);
        }
        Script script = script("archive-look", node, binaries)
                .with("config", file.member(node).with("cipher", PgBackRestFile.NO_CIPHER));
        ActionResult again = context.ask(exec(node.host(), script, Access.LOOK, LOOK));
        return ArchivingState.of(ArchivingState.LOOK.read(again), kept).lacking(answer);
    }

    Action look(Node node, String binaries) {
        return exec(node.host(), script("archive-look", node, binaries), Access.LOOK, LOOK);
    }

    /** Queries one member, and the configuration of its system on the repository host. */
    public ArchivingState observe(ExecutionContext context, Node node, String binaries) {
        ActionResult own = context.ask(look(node, binaries));
        String system = read(context, node, binaries, own, ArchivingState.OWN).system();
        return read(
                context,
                node,
                binaries,
                own,
                keeper().map(k -> ArchivingState.CONFIGURED.read(context.ask(keptLook(k, system))))
                        .orElse(ArchivingState.OWN));
    }

    /** Returns whether the repository host has the configuration of a system. */
    public boolean isKept(ExecutionContext context, String system) {
        return ArchivingState.isKept(
                ArchivingState.CONFIGURED.read(context.ask(keptLook(keeper().orElseThrow(), system))));
    }

    /** Writes the configuration of a system on the repository host, without a running server. */
    public Action keep(String system) {
        Node keeper = keeper().orElseThrow();
        Script script = Script.of("postgres/repository-configure.sh")
                .with("directory", keeper.directory())
                .with("system", system)
                .with("config", file.kept(keeper));
        return exec(keeper.host(), script, Access.CHANGE, MOMENT);
    }

    private Action keptLook(Node keeper, String system) {
        Script script = Script.of("postgres/repository-configured.sh")
                .with("directory", keeper.directory())
                .with("system", system)
                .with("config", file.kept(keeper));
        return exec(keeper.host(), script, Access.LOOK, LOOK);
    }

    /**
     * Configures a member; on a primary, also creates the repository and its stanza, on its own host or on the repository host.
     */
    public List<Action> prepare(MemberState member, ArchivingState now, String binaries, boolean isPrimary) {
        Node node = member.node();
        Action own = exec(node.host(), script("archive-prepare", node, binaries), Access.CHANGE, MOMENT);
        Action reach = exec(node.host(), script("repository-check", node, binaries), Access.CHANGE, MOMENT);
        if (!isPrimary) {
            return List.of(own, reach);
        }
        if (keeper().isEmpty()) {
            Script stanza = stanza(node, "", "pgbackrest.conf").with("control", "");
            return List.of(
                    own,
                    exec(node.host(), stanza.with("system", "").with("binaries", binaries), Access.CHANGE, MOMENT),
                    reach);
        }
        Node keeper = keeper().get();
        Script stanza = stanza(keeper, file.kept(keeper), member.systemIdentifier() + ".conf")
                .with("control", now.control())
                .with("system", member.systemIdentifier())
                .with("binaries", "");
        return List.of(exec(keeper.host(), stanza, Access.CHANGE, MOMENT), own, reach);
    }

    /**
     * Moves archived files of another server out of the archive, and archives the history of the primary again.
     *
     * @param state the archiving state of the primary, with files of another server
     */
    public List<Action> setAside(Node primary, ArchivingState state) {
        Node place = keeper().orElse(primary);
        Script moved = Script.of("postgres/repository-set-aside.sh")
                .with("folder", folder())
                .with("system", state.system())
                .with("stanza", cluster.name())
                .with("names", String.join("\n", state.foreign()));
        Script history = Script.of("postgres/archive-history.sh")
                .with("directory", primary.directory())
                .with("segment", state.firstForeign());
        return List.of(
                exec(place.host(), moved, Access.CHANGE, MOMENT), exec(primary.host(), history, Access.CHANGE, MOMENT));
    }

    private Script stanza(Node place, Object config, String name) {
        return Script.of("postgres/repository-prepare.sh")
                .with("directory", place.directory())
                .with("folder", folder())
                .with("stanza", cluster.name())
                .with("config", config)
                .with("file", name);
    }

    public Action backup(Node primary, String system, String kind, Duration within) {
        Node place = keeper().orElse(primary);
        Script script = Script.of("postgres/repository-backup.sh")
                .with("directory", place.directory())
                .with("file", keeper().isPresent() ? system + ".conf" : "pgbackrest.conf")
                .with("stanza", cluster.name())
                .with("kind", kind);
        return exec(place.host(), script, Access.CHANGE, within);
    }

    private Script script(String name, Node node, String binaries) {
        return Script.of("postgres/" + name + ".sh")
                .with("directory", node.directory())
                .with("binaries", binaries)
                .with("folder", folder())
                .with("stanza", cluster.name())
                .with("elsewhere", keeper().isPresent() ? "yes" : "no")
                .with("config", file.member(node));
    }

    public static Action exec(Host host, Script script, Access intent, Duration deadline) {
        return new Action.RunScript(host, script, intent, deadline);
    }

    /** Returns the path of the certificates that a server accepts. */
    public static String trusted(Node node) {
        return PgBackRestFile.trusted(node);
    }
}
