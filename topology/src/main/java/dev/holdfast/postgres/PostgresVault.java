package dev.holdfast.postgres;

import dev.holdfast.backup.Holdings;
import dev.holdfast.backup.Holdings.Copy;
import dev.holdfast.backup.Holdings.Finding;
import dev.holdfast.backup.Holdings.Waiting;
import dev.holdfast.backup.Holdings.Window;
import dev.holdfast.backup.Moment;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What a cluster's repository holds, and whether every piece of it is sound. */
final class PostgresVault {

    private static final Pattern BAD_SEGMENT = Pattern.compile(".*?[0-9]+-[0-9]+/[0-9A-F]{16}/([0-9A-F]{24})-.*");
    private static final Pattern BAD_COPY = Pattern.compile(".*?([0-9]{8}-[0-9]{6}F[0-9A-Z_]*)/([^' :]+).*");
    private static final Pattern SAID = Pattern.compile(
            ".*(?:INFO|WARN|ERROR): *(?:\\[[0-9]+\\]:? *)?(invalid (?:checksum|size|result|file)|file missing|missing file|missing|unable to open missing file)(.*)");

    /** Where so many segments in a row hold no commit, the window's end is not looked for any further. */
    private static final int SEARCHED = 32;

    private final PostgresCluster cluster;
    private final VaultProbes probes;
    private final Repository repository;

    PostgresVault(Topology topology, PostgresCluster cluster) {
        this.cluster = cluster;
        this.probes = new VaultProbes(topology, cluster);
        this.repository = Repository.of(cluster).orElseThrow();
    }

    /** The primary's own clock, to the microsecond: a commit is put down to the time at which it was written there. */
    static Optional<Moment> now(World world, PostgresCluster cluster, Node primary) {
        Answer answer = world.ask(new Action.Sql(
                primary,
                PostgresProbes.admin(cluster),
                PostgresCluster.ADMIN,
                Script.of("postgres/clock.sql"),
                Intent.LOOK,
                PostgresProbes.SOON));
        return answer.isOk() && answer.row().get("now") != null
                ? Optional.of(
                        new Moment.Time(Instant.parse(answer.row().get("now").toString())))
                : Optional.empty();
    }

    Holdings holdings(World world) {
        VaultSeen seen = read(world);
        return held(world, seen, new ArrayList<>());
    }

    private VaultSeen read(World world) {
        VaultSeen seen = probes.look(world);
        if (!seen.shelf().trouble().isEmpty()) {
            throw new Trouble(
                    Exit.UNREACHABLE,
                    cluster.name(),
                    "the repository " + probes.archive().folder() + " cannot be read: "
                            + seen.shelf().trouble(),
                    "make a host of " + cluster.name() + " answer that sees the folder");
        }
        return seen;
    }

    /** @param findings what is known to be wrong already; what is found besides is added */
    Holdings held(World world, VaultSeen seen, List<Finding> findings) {
        Shelf shelf = seen.shelf();
        seen.holes()
                .forEach(h -> findings.add(new Finding(
                        shelf.system() + "/" + h.told(),
                        "missing in the archive: no moment between it and the next base copy can be reached",
                        "look for it in pg_wal of every member and archive it by hand, or make a full backup now")));
        int behind = shelf.newest();
        if (behind > 1 && shelf.history() < behind) {
            findings.add(new Finding(
                    cluster.name(),
                    "the history of timeline " + behind + " is not in the archive",
                    "make a full backup now; look at the archiver of the primary"));
        }
        return new Holdings(
                cluster.name(),
                probes.archive().folder() + (shelf.system().isEmpty() ? "" : "/" + shelf.system()),
                shelf.copies().stream().map(PostgresVault::copy).toList(),
                windows(world, seen),
                seen.waitingBytes().map(b -> new Waiting(b, seen.waitingSeconds())),
                shelf.size(),
                shelf.proven(),
                findings,
                notes(seen));
    }

    private static Copy copy(HeldCopy copy) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("timeline", copy.timeline());
        facts.put("database_bytes", copy.size());
        return new Copy(copy.label(), copy.word(), copy.started(), copy.stopped(), copy.added(), facts);
    }

    List<Window> windows(World world, VaultSeen seen) {
        Lineage lineage = seen.shelf().lineage();
        List<VaultSeen.Stretch> stretches = seen.stretches();
        Map<String, Instant> times = probes.times(
                world, seen, stretches.stream().map(s -> goingBack(lineage, s)).toList());
        List<Window> windows = new ArrayList<>();
        for (VaultSeen.Stretch stretch : stretches) {
            Instant from = stretch.first().reachableFrom();
            // the last commit itself is reached by no time: only one after it would prove that nothing more belongs to
            // it
            Instant last =
                    times.getOrDefault(lineage.name(stretch.last()), from).minus(Duration.ofNanos(1000));
            if (!last.isBefore(from)) {
                windows.add(new Window(
                        from,
                        last,
                        stretch.first().end() + " to " + Segment.start(stretch.last() + 1) + ", timeline "
                                + Segment.timeline(lineage.name(stretch.last()))));
            }
        }
        return windows;
    }

    /** A stretch's last segments, the last one first, over its promotions; the newest may hold no commit. */
    private static String goingBack(Lineage lineage, VaultSeen.Stretch stretch) {
        long first = Math.max(stretch.first().first(), stretch.last() - SEARCHED + 1);
        return LongStream.iterate(stretch.last(), n -> n >= first, n -> n - 1)
                .mapToObj(lineage::name)
                .collect(Collectors.joining(" "));
    }

    private List<String> notes(VaultSeen seen) {
        List<String> notes = new ArrayList<>();
        if (seen.shelf().copies().isEmpty()) {
            notes.add("there is no base copy yet: holdfast backup run " + cluster.name());
        }
        if (seen.isFailing()) {
            notes.add("the archiver fails at " + seen.failed() + ": see the log of the primary");
        }
        if (seen.isStale()) {
            notes.add("somebody was promoted since the last base copy: holdfast backup run " + cluster.name()
                    + " makes one of the new timeline");
        }
        new BackupDue(repository)
                .overdue(seen.shelf().copies(), seen.now().at())
                .ifPresent(notes::add);
        Lineage lineage = seen.shelf().lineage();
        seen.shelf().copies().stream()
                .filter(c -> !lineage.descendsFrom(c))
                .forEach(c -> notes.add(c.label() + " is of timeline " + c.timeline()
                        + ", which was given up; pgbackrest --set reaches it by hand"));
        if (seen.canArchive() && !seen.stretches().isEmpty() && seen.holes().isEmpty()) {
            notes.add("up to now can be reached: a restore archives first what is not archived yet");
        }
        seen.shelf()
                .others()
                .forEach(o -> notes.add(
                        "backups of another system are in " + probes.archive().folder() + "/" + o));
        return notes;
    }

    /** Reads everything; what is damaged is taken out before the windows are told. */
    Holdings verify(World world) {
        VaultSeen seen = read(world);
        List<Finding> findings = new ArrayList<>();
        if (seen.shelf().system().isEmpty()) {
            findings.add(new Finding(cluster.name(), "there is no repository", "holdfast apply makes it"));
            return held(world, seen, findings);
        }
        Answer answer = probes.verify(world, seen);
        if (!answer.isOk()) {
            throw new Trouble(Exit.UNREACHABLE, cluster.name(), "verify: " + answer.sentence(), "try again");
        }
        List<String> segments = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (String line : answer.text().lines().toList()) {
            Matcher said = SAID.matcher(line);
            if (!said.matches()) {
                continue;
            }
            Matcher segment = BAD_SEGMENT.matcher(said.group(2));
            Matcher copy = BAD_COPY.matcher(said.group(2));
            if (segment.matches()) {
                segments.add(segment.group(1));
                findings.add(
                        new Finding(
                                segment.group(1),
                                said.group(1).replace("result", "content") + " of an archived segment",
                                "if a member still has it in pg_wal, remove the bad file and archive it again; else make a full backup now"));
            } else if (copy.matches()) {
                labels.add(copy.group(1));
                findings.add(new Finding(
                        copy.group(1) + "/" + copy.group(2),
                        said.group(1).replace("result", "content") + " in a base copy",
                        "make a full backup now; those that stand on it cannot be used"));
            } else {
                findings.add(new Finding(cluster.name(), said.group(1) + said.group(2), "look at the repository"));
            }
        }
        String said = answer.text();
        if (findings.isEmpty() && (said.contains("ERROR:") || said.contains("status: error"))) {
            findings.add(new Finding(cluster.name(), "pgbackrest verify: " + last(said), "look at the repository"));
        } else if (!said.contains("verify command end: completed successfully")) {
            findings.add(new Finding(cluster.name(), "pgbackrest verify did not end: " + last(said), "run it again"));
        }
        VaultSeen sound =
                new VaultSeen(seen.now(), seen.shelf().without(segments, labels), seen.reader(), seen.waiting());
        Holdings held = held(world, sound, findings);
        return new Holdings(
                held.cluster(),
                held.repository(),
                seen.shelf().copies().stream().map(PostgresVault::copy).toList(),
                held.windows(),
                held.waiting(),
                held.bytes(),
                held.proven(),
                unique(held.findings(), segments),
                held.notes());
    }

    /** A damaged segment counts as missing; it is told once. */
    private static List<Finding> unique(List<Finding> findings, List<String> segments) {
        return findings.stream()
                .filter(f -> !f.what().startsWith("missing in the archive")
                        || segments.stream().noneMatch(s -> f.where().endsWith("/" + s)))
                .toList();
    }

    private static String last(String said) {
        List<String> lines = said.lines().toList();
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }
}
