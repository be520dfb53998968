package dev.holdfast.postgres;

import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How a repository is looked at, from the first host that can; changes nothing. */
final class VaultProbes {

    private static final Duration LOOK = Duration.ofMinutes(2);
    private static final Duration SEARCH = Duration.ofHours(6);
    private static final Duration READING = Duration.ofHours(24);

    private final PostgresCluster cluster;
    private final PostgresProbes probes;
    private final Archive archive;

    VaultProbes(Topology topology, PostgresCluster cluster) {
        this.cluster = cluster;
        this.probes = new PostgresProbes(topology, cluster);
        this.archive = archive(topology, cluster);
    }

    /** @throws Trouble REFUSED when the cluster declares no backups */
    static Archive archive(Topology topology, PostgresCluster cluster) {
        Repository repository = Repository.of(cluster)
                .orElseThrow(() -> new Trouble(
                        Exit.REFUSED,
                        cluster.name(),
                        "no backups are declared",
                        "add backup: { full: weekly, archive: continuous, repository: /path }, and holdfast apply"));
        return new Archive(topology, cluster, repository);
    }

    Archive archive() {
        return archive;
    }

    VaultSeen look(World world) {
        return look(world, probes.look(world, false));
    }

    VaultSeen look(World world, PostgresSeen now) {
        String system = now.members().stream()
                .filter(MemberSeen::hasDatabase)
                .map(MemberSeen::systemIdentifier)
                .filter(s -> !s.isEmpty())
                .findFirst()
                .orElse("");
        Answer waiting = now.primary()
                .map(p -> world.ask(new Action.Sql(
                        p.node(),
                        PostgresProbes.admin(cluster),
                        PostgresCluster.ADMIN,
                        Script.of("postgres/vault-waiting.sql"),
                        Intent.LOOK,
                        PostgresProbes.SOON)))
                .orElse(Answer.silent("no primary answers"));
        Answer last = Answer.silent("no host of a member answers");
        for (Node node : readers(now)) {
            Answer answer = shelf(world, node, system);
            if (answer.isOk()) {
                return new VaultSeen(now, Shelf.of(answer), Optional.of(node), waiting);
            }
            last = answer;
        }
        return new VaultSeen(now, Shelf.of(last), Optional.empty(), waiting);
    }

    /** One machine answers for all of its nodes: the repository's own, or the primary's first, as it writes there. */
    private List<Node> readers(PostgresSeen now) {
        if (archive.keeper().isPresent()) {
            return List.of(archive.keeper().get());
        }
        List<Node> nodes = new ArrayList<>();
        now.primary().ifPresent(p -> nodes.add(p.node()));
        now.members().stream()
                .filter(m -> !m.isOutOfReach())
                .map(MemberSeen::node)
                .filter(n -> !nodes.contains(n))
                .forEach(nodes::add);
        return nodes;
    }

    private Answer shelf(World world, Node node, String system) {
        return world.ask(Archive.exec(node.host(), reading("vault-look", system), Intent.LOOK, LOOK));
    }

    private Script reading(String file, String system) {
        return Script.of("postgres/" + file + ".sh")
                .with("folder", archive.folder())
                .with("system", system)
                .with("stanza", cluster.name())
                .with("config", archive.reader(Archive.SYSTEM));
    }

    /** The time of the last commit of each segment, or of the nearest of those named after it, where there is one. */
    Map<String, Instant> times(World world, VaultSeen seen, List<String> segments) {
        Map<String, Instant> times = new LinkedHashMap<>();
        for (String[] f : search(world, seen, "times", "", segments)) {
            if (f[0].equals("last")) {
                times.put(f[1], instant(f[2]));
            }
        }
        return times;
    }

    /**
     * Reads segments and tells what is in them.
     *
     * @param what times, point, xid or drops; see {@code postgres/vault-search.sh}
     */
    List<String[]> search(World world, VaultSeen seen, String what, String word, List<String> segments) {
        if (segments.isEmpty() || seen.reader().isEmpty()) {
            return List.of();
        }
        Node reader = seen.reader().get();
        Script script = reading("vault-search", seen.shelf().system())
                .with("binaries", programs(world, seen.now(), reader))
                .with("what", what)
                .with("word", word)
                .with("segments", String.join("\n", segments));
        Answer answer = world.ask(Archive.exec(reader.host(), script, Intent.LOOK, SEARCH));
        if (!answer.isOk()) {
            throw new Trouble(
                    Exit.UNREACHABLE, cluster.name(), "the archive cannot be read: " + answer.sentence(), "try again");
        }
        return answer.text().lines().map(l -> l.split("\t", -1)).toList();
    }

    Answer verify(World world, VaultSeen seen) {
        return world.ask(Archive.exec(
                seen.reader().orElseThrow().host(),
                reading("vault-verify", seen.shelf().system()),
                Intent.LOOK,
                READING));
    }

    /** @throws Trouble UNREACHABLE when the repository's machine has no programs that read this version's log */
    private String programs(World world, PostgresSeen now, Node reader) {
        if (archive.keeper().isEmpty()) {
            return binaries(now, reader);
        }
        TreeMap<Integer, String> programs =
                HostSeen.of(probes.disk(world, reader)).programs();
        int major = now.major() > 0 || programs.isEmpty() ? now.major() : programs.lastKey();
        return Optional.ofNullable(programs.get(major))
                .orElseThrow(() -> new Trouble(
                        Exit.UNREACHABLE,
                        reader.id(),
                        "there are no programs of PostgreSQL " + major + " on "
                                + reader.host().name() + ", and only their pg_waldump tells the times in the archive",
                        "install them there (Debian: apt-get install postgresql-" + major + ")"));
    }

    static String binaries(PostgresSeen now, Node node) {
        Map<Integer, String> programs = now.member(node).host().programs();
        return programs.getOrDefault(
                now.major(), programs.values().stream().findFirst().orElse(""));
    }

    /** As pg_waldump writes it. */
    static Instant instant(String time) {
        return Instant.parse(time.strip().replaceFirst(" UTC$", "").replace(' ', 'T') + "Z");
    }
}
