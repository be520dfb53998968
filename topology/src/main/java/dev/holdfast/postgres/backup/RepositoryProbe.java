package dev.holdfast.postgres.backup;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.state.InstalledVersions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCredentials;
import dev.holdfast.postgres.value.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A probe of a backup repository from the first host that reaches it; changes nothing. */
public final class RepositoryProbe {

    private static final Duration LOOK = Duration.ofMinutes(2);
    private static final Duration SEARCH = Duration.ofHours(6);
    private static final Duration READING = Duration.ofHours(24);

    private final PostgresCluster cluster;
    private final ClusterProbe probes;
    private final PgBackRestConfig archive;

    public RepositoryProbe(Topology topology, PostgresCluster cluster) {
        this.cluster = cluster;
        this.probes = new ClusterProbe(topology, cluster);
        this.archive = archive(topology, cluster);
    }

    /** @throws HoldfastException REFUSED when the cluster declares no backups */
    static PgBackRestConfig archive(Topology topology, PostgresCluster cluster) {
        BackupRepository repository = cluster.repository()
                .orElseThrow(() -> new HoldfastException(
                        ExitCode.REFUSED,
                        cluster.name(),
                        "no backups are declared",
                        "add backup: { full: weekly, archive: continuous, repository: /path }, then run"
                                + " holdfast apply"));
        return new PgBackRestConfig(topology, cluster, repository);
    }

    public PgBackRestConfig archive() {
        return archive;
    }

    public BackupState look(ExecutionContext context) {
        return look(context, servers(context));
    }

    public PostgresState servers(ExecutionContext context) {
        return probes.look(context, false);
    }

    public BackupState look(ExecutionContext context, PostgresState now) {
        return look(context, now, Optional.empty());
    }

    /** Returns the system identifier of the servers; empty where no member has a database. */
    public static Optional<String> live(PostgresState now) {
        return now.members().stream()
                .filter(MemberState::hasDatabase)
                .map(MemberState::systemIdentifier)
                .filter(s -> !s.isEmpty())
                .findFirst();
    }

    /** @param desired system identifier; empty for that of the servers, or of the newest backups */
    public BackupState look(ExecutionContext context, PostgresState now, Optional<String> desired) {
        String live = live(now).orElse("");
        String system = desired.orElse(live);
        // servers with another system identifier archive no WAL of this one
        ActionResult waiting = now.primary()
                .filter(p -> system.equals(live))
                .map(p -> context.ask(new Action.RunSql(
                        p.node(),
                        PostgresCredentials.admin(cluster),
                        PostgresCluster.ADMIN,
                        Script.of("postgres/archive-backlog.sql"),
                        Access.LOOK,
                        ClusterProbe.SOON)))
                .orElse(ActionResult.silent("no primary answers"));
        RepositoryState last = RepositoryState.of(ActionResult.silent("no host of a member answers"));
        for (Node node : readers(now)) {
            last = RepositoryState.of(repositoryState(context, node, system, "all"));
            if (last.trouble().isEmpty()) {
                return new BackupState(now, last, Optional.of(node), waiting);
            }
        }
        return new BackupState(now, last, Optional.empty(), waiting);
    }

    /** Returns the base backups of a system, without its archive. */
    RepositoryState backups(ExecutionContext context, Node primary, String system) {
        Node reader = archive.keeper().orElse(primary);
        return RepositoryState.of(repositoryState(context, reader, system, "backups"));
    }

    /** One host answers for all of its nodes: the repository host, else the host of the primary first, which writes there. */
    private List<Node> readers(PostgresState now) {
        if (archive.keeper().isPresent()) {
            return List.of(archive.keeper().get());
        }
        List<Node> nodes = new ArrayList<>();
        now.primary().ifPresent(p -> nodes.add(p.node()));
        now.members().stream()
                .filter(m -> !m.isOutOfReach())
                .map(MemberState::node)
                .filter(n -> !nodes.contains(n))
                .forEach(nodes::add);
        return nodes;
    }

    private ActionResult repositoryState(ExecutionContext context, Node node, String system, String what) {
        Script script = reading("repository-look", system).with("what", what);
        return context.ask(PgBackRestConfig.exec(node.host(), script, Access.LOOK, LOOK));
    }

    private Script reading(String file, String system) {
        return Script.of("postgres/" + file + ".sh")
                .with("folder", archive.folder())
                .with("system", system)
                .with("stanza", cluster.name())
                .with("config", archive.reader(PgBackRestConfig.SYSTEM));
    }

    /** A commit: its time and its LSN. */
    record Commit(Instant time, Lsn place) {}

    /** Returns the last commit of each segment, or of the nearest segment after it in the list, where one exists. */
    Map<String, Commit> lastCommits(ExecutionContext context, BackupState state, List<String> segments) {
        Map<String, Commit> commits = new LinkedHashMap<>();
        search(context, state, "times", "", segments)
                .all(RepositoryRecords.LastCommit.class)
                .forEach(c -> commits.put(c.segment(), new Commit(instant(c.time()), Lsn.at(c.lsn()))));
        return commits;
    }

    /**
     * Searches segments.
     *
     * @param what times, point, xid or drops; see {@code postgres/repository-search.sh}
     */
    ScriptAnswer search(ExecutionContext context, BackupState state, String what, String word, List<String> segments) {
        if (segments.isEmpty() || state.reader().isEmpty()) {
            return new ScriptAnswer(ActionResult.ok(""), List.of());
        }
        Node reader = state.reader().get();
        Script script = reading("repository-search", state.repository().system())
                .with("binaries", programs(context, state.now(), reader))
                .with("what", what)
                .with("word", word)
                .with("segments", String.join("\n", segments));
        ScriptAnswer answer = RepositoryRecords.SEARCH.read(
                context.ask(PgBackRestConfig.exec(reader.host(), script, Access.LOOK, SEARCH)));
        if (!answer.isOk()) {
            throw new HoldfastException(
                    ExitCode.UNREACHABLE,
                    cluster.name(),
                    "the archive cannot be read: " + answer.sentence(),
                    "try again");
        }
        return answer;
    }

    /** Returns the restore points or commits in these segments; see {@link #search}. */
    public List<RepositoryRecords.Match> matches(
            ExecutionContext context, BackupState state, String what, String word, List<String> segments) {
        return search(context, state, what, word, segments).all(RepositoryRecords.Match.class);
    }

    /** Returns the tablespaces of a base backup: object identifier, tab, location. */
    public Set<String> spaces(ExecutionContext context, BackupState state, String label) {
        ScriptAnswer answer = RepositoryRecords.TABLESPACES.read(context.ask(PgBackRestConfig.exec(
                state.reader().orElseThrow().host(),
                reading("repository-tablespaces", state.repository().system()).with("label", label),
                Access.LOOK,
                LOOK)));
        if (!answer.isOk()) {
            throw new HoldfastException(
                    ExitCode.UNREACHABLE,
                    cluster.name(),
                    "the archive cannot be read: " + answer.sentence(),
                    "try again");
        }
        return answer.all(RepositoryRecords.Space.class).stream()
                .map(s -> s.oid() + "\t" + s.location())
                .collect(Collectors.toSet());
    }

    /** @throws HoldfastException UNREACHABLE when the repository could not be read */
    public RepositoryVerification verify(ExecutionContext context, BackupState state) {
        ActionResult answer = context.ask(PgBackRestConfig.exec(
                state.reader().orElseThrow().host(),
                reading("repository-verify", state.repository().system()),
                Access.LOOK,
                READING));
        if (!answer.isOk()) {
            throw new HoldfastException(
                    ExitCode.UNREACHABLE, cluster.name(), "verify: " + answer.sentence(), "try again");
        }
        return RepositoryVerification.of(cluster.name(), answer.text());
    }

    /** @throws HoldfastException UNREACHABLE when the repository host has no programs that read the WAL of this version */
    private String programs(ExecutionContext context, PostgresState now, Node reader) {
        if (archive.keeper().isEmpty()) {
            return binaries(now, reader);
        }
        TreeMap<Integer, String> programs =
                InstalledVersions.of(probes.disk(context, reader)).programs();
        int major = now.major() > 0 || programs.isEmpty() ? now.major() : programs.lastKey();
        return Optional.ofNullable(programs.get(major))
                .orElseThrow(() -> new HoldfastException(
                        ExitCode.UNREACHABLE,
                        reader.id(),
                        "PostgreSQL " + major + " is not installed on "
                                + reader.host().name() + ", and only its pg_waldump reads the times in the archive",
                        "install it there (Debian: apt-get install postgresql-" + major + ")"));
    }

    public static String binaries(PostgresState now, Node node) {
        Map<Integer, String> programs = now.member(node).host().programs();
        return programs.getOrDefault(
                now.major(), programs.values().stream().findFirst().orElse(""));
    }

    /** The time format of pg_waldump. */
    static Instant instant(String time) {
        return Instant.parse(time.strip().replaceFirst(" UTC$", "").replace(' ', 'T') + "Z");
    }
}
