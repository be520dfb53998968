package dev.holdfast.mongodb.simulation;

import dev.holdfast.execution.Action;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import dev.holdfast.simulation.Violations;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The invariants about each action that Holdfast executes on a replica set, and about each election.
 *
 * <ol>
 *   <li>A member that becomes primary has every write that a majority has acknowledged, unless the operator has accepted a loss
 *       of at least as much.
 *   <li>No member rolls back or sets aside such a write without that consent, also when a person has elected a primary
 *       without it.
 *   <li>No configuration is forced while another primary acknowledges writes.
 *   <li>No member that is primary and acknowledges writes is fenced or stopped, unless the operator has confirmed it.
 * </ol>
 *
 * <p>Excused are writes that a person has given up: by forcing a configuration, by starting a member without data or one that a
 * failover had left behind, or by wiping their last copy.
 */
final class MongoJudge implements SetObserver {

    private static final Set<String> ENDING =
            Set.of("mongodb/fence.sh", "mongodb/remove.sh", "mongodb/set-aside-data.sh");

    private final MongoModel model;
    private final Violations violations = new Violations();
    /** Writes that a person has given up: a primary may lack them, and Holdfast may still not discard them. */
    private final Set<OplogEntry> givenUp = new HashSet<>();
    /** Writes whose loss the operator has accepted, or whose last copy a person has destroyed. */
    private final Set<OplogEntry> lost = new HashSet<>();

    /** Members that Holdfast has added to the configuration. */
    private final Set<String> added = new HashSet<>();

    private String command = "";
    private OptionalLong bound = OptionalLong.empty();
    private boolean isForcedByPerson;

    MongoJudge(MongoModel model) {
        this.model = model;
    }

    Violations violations() {
        return violations;
    }

    /** @param seconds the time in which acknowledged writes can be lost, as the last refusal has named it; empty if none */
    void commandStarts(String started, String seconds) {
        command = started;
        if (started.startsWith("rejoin ") && isLossAccepted()) {
            ReplicaMember member = model.set().named(started.split(" ")[1].replaceFirst(".*/", ""));
            lost.addAll(onlyIn(member, member.oplog));
        }
        bound = seconds.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(seconds));
    }

    private boolean isLossAccepted() {
        return command.contains("--accept-data-loss");
    }

    /** A person has changed the set so that writes can be lost. */
    void forcedByPerson() {
        isForcedByPerson = true;
    }

    /** A person has wiped a member: what no other one has is lost. */
    void wiped(ReplicaMember member, Collection<OplogEntry> had) {
        had.stream()
                .filter(e -> model.set().members.values().stream().noneMatch(m -> m != member && isHeld(m, e)))
                .forEach(lost::add);
    }

    private static boolean isHeld(ReplicaMember member, OplogEntry entry) {
        return member.has(entry) || member.rolledBack.contains(entry) || member.kept.contains(entry);
    }

    void before(Action action) {
        String script = action.script().file();
        if (script.equals("mongodb/force-reconfig.json")) {
            Action.RunDocumentCommand forced = (Action.RunDocumentCommand) action;
            acknowledging(forced.node().endpoint())
                    .ifPresent(p -> violated("a configuration is forced on "
                            + forced.node().name() + " by '" + command + "' while " + p + " acknowledges writes"));
        }
        if (script.equals("mongodb/reconfig.json")) {
            ReplicaMember primary = model.set()
                    .members
                    .get(((Action.RunDocumentCommand) action).node().endpoint());
            MongoDocument.of(action.script().values().get("config")).docs("members").stream()
                    .map(m -> m.text("host"))
                    .filter(h -> primary.config != null && !primary.config.names(h))
                    .forEach(added::add);
        }
        if (ENDING.contains(script)) {
            ReplicaMember member =
                    model.memberIn(action.script().values().get("directory").toString());
            boolean isConfirmed = command.contains("--override") || isLossAccepted();
            if (member.isPrimary && member.isAlive() && model.set().canCommit(member) && !isConfirmed) {
                violated("'" + command + "' stops " + member + ", which is primary and acknowledges writes");
            }
            if (script.equals("mongodb/set-aside-data.sh")) {
                discarded(member, member.oplog, "sets aside");
            }
        }
    }

    private Optional<ReplicaMember> acknowledging(String except) {
        return model.set().members.values().stream()
                .filter(m -> m.isPrimary && m.isAlive() && !m.endpoint.equals(except))
                .filter(m -> model.set().canCommit(m))
                .filter(m -> !(isForcedByPerson && model.isSilent(m.name))) // no server can know of it
                .findFirst();
    }

    @Override
    public void elected(ReplicaMember member) {
        List<OplogEntry> missing = missing(member);
        if (missing.isEmpty()) {
            return;
        }
        if (isForcedByPerson) {
            (isLossAccepted() ? lost : givenUp).addAll(missing);
        } else if (!isLossAccepted()) {
            violated(member + " is elected" + during() + " without the acknowledged " + numbers(missing));
        } else {
            OpTime has = member.last();
            missing.stream()
                    .filter(e -> bound.isPresent() && e.at().seconds() > has.seconds() + bound.getAsLong())
                    .findFirst()
                    .ifPresent(e -> violated(member + " is elected without write " + e.number()
                            + ", which was acknowledged "
                            + (e.at().seconds() - has.seconds())
                            + " s after its last operation, and the accepted bound was " + bound.getAsLong() + " s"));
            lost.addAll(missing);
        }
    }

    private String during() {
        return command.isEmpty() ? "" : " during '" + command + "'";
    }

    @Override
    public void rolledBack(ReplicaMember member, List<OplogEntry> entries) {
        if (isForcedByPerson && !added.contains(member.endpoint)) {
            lost.addAll(entries);
        } else {
            discarded(member, entries, "rolls back");
        }
    }

    private void discarded(ReplicaMember member, List<OplogEntry> entries, String how) {
        List<OplogEntry> gone = onlyIn(member, entries);
        if (gone.isEmpty()) {
            return;
        }
        if (!isLossAccepted()) {
            violated(member + " " + how + " the last copy of the acknowledged " + numbers(gone) + during());
        }
        lost.addAll(gone);
    }

    /** Returns the acknowledged writes that no other member has, without those whose loss was accepted. */
    private List<OplogEntry> onlyIn(ReplicaMember member, List<OplogEntry> entries) {
        return entries.stream()
                .filter(e -> model.clients().acknowledged().contains(e) && !lost.contains(e))
                .filter(e -> model.set().members.values().stream().noneMatch(m -> m != member && m.has(e)))
                .toList();
    }

    /** Returns the acknowledged writes that a member lacks, without those that were given up. */
    List<OplogEntry> missing(ReplicaMember member) {
        Set<OplogEntry> has = new HashSet<>(member.oplog);
        return model.clients().acknowledged().stream()
                .filter(e -> !has.contains(e) && !givenUp.contains(e) && !lost.contains(e))
                .toList();
    }

    private void violated(String what) {
        violations.violated(what);
    }

    static String numbers(Collection<OplogEntry> entries) {
        return (entries.size() == 1 ? "write " : "writes ")
                + entries.stream().map(e -> Integer.toString(e.number())).collect(Collectors.joining(", "));
    }
}
