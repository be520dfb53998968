package dev.holdfast.postgres.state;

import dev.holdfast.model.DecisionCode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The only running primary, where no role change of Holdfast made it primary: a person promoted it, or started it. A former primary
 * can have acknowledged commits that it lacks, also when that former primary does not run any more, or does not answer.
 *
 * @param record the newest line of the history of synchronous standbys
 */
public record UnrecordedPromotion(List<MemberState> members, Optional<SyncHistoryEntry> record) {

    /**
     * Returns the members that can have acknowledged commits which the primary lacks: the stopped former primaries, or else the
     * standby with the most WAL. Empty where the role of the primary is on record, and while several members are primary.
     */
    List<MemberState> replaced() {
        if (promoted().isEmpty()) {
            return List.of();
        }
        MemberState primary = promoted().get();
        List<MemberState> others = members.stream()
                .filter(m -> m != primary && !m.isOutOfReach() && m.hasDatabase())
                .filter(m -> m.disk().fence().isEmpty() || isLeftForAnother(m, primary))
                .filter(m -> m.systemIdentifier().equals(primary.systemIdentifier()))
                .toList();
        List<MemberState> former = others.stream()
                .filter(m -> m.wasPrimary() && m.isDown() && fork(m, primary).isPresent())
                .toList();
        return former.isEmpty() && isRecordedPrimaryReached()
                ? others.stream()
                        .filter(m -> !m.wasPrimary() && isAhead(m, primary))
                        .max(Comparator.comparingLong(m -> m.end().position()))
                        .stream()
                        .toList()
                : former;
    }

    /** Returns the running primary that no role change of Holdfast promoted; empty while several members are primary. */
    public Optional<MemberState> promoted() {
        List<MemberState> primaries =
                members.stream().filter(MemberState::isPrimary).toList();
        return primaries.size() != 1 || isRecorded(primaries.get(0)) ? Optional.empty() : Optional.of(primaries.get(0));
    }

    /**
     * Returns the recorded primary, where it is not known to have ended: its host does not answer, or its process exists and does
     * not answer. It can still acknowledge commits that the promoted member lacks. Where the data of the recorded primary is
     * missing, only the other members can show its commits: returns one of those that does not answer.
     */
    public Optional<MemberState> unseen() {
        return promoted()
                .flatMap(p -> recorded()
                        .filter(UnrecordedPromotion::isSilent)
                        .or(() -> recorded()
                                .filter(m -> m != p && m.isDown() && !m.hasDatabase())
                                .flatMap(lost -> members.stream()
                                        .filter(m -> m != p && isSilent(m))
                                        .findFirst())));
    }

    private static boolean isSilent(MemberState member) {
        return !member.isUp() && (member.isOutOfReach() || !member.isDown());
    }

    private Optional<MemberState> recorded() {
        return record.flatMap(
                l -> members.stream().filter(m -> m.name().equals(l.primary())).findFirst());
    }

    /** Returns the standbys that still receive WAL from the recorded primary: it runs, or ended a moment ago. */
    private List<String> receivers() {
        return unseen().stream()
                .flatMap(p -> members.stream()
                        .filter(m -> m.isStandby() && m.server().receives())
                        .filter(m -> isServedBy(m, p)))
                .map(MemberState::name)
                .toList();
    }

    private static boolean isServedBy(MemberState standby, MemberState primary) {
        Map<String, String> receiver = standby.server().receiver();
        return primary.node().host().address().equals(receiver.get("sender_host"))
                && Integer.toString(primary.node().port()).equals(receiver.get("sender_port"));
    }

    /** Returns whether an operator can replace the recorded primary by switching its host off. */
    public boolean isReplaceable() {
        return receivers().isEmpty()
                && unseen().filter(MemberState::isOutOfReach).isPresent();
    }

    /** Describes both members. */
    public String sentence() {
        MemberState primary = promoted().orElseThrow();
        MemberState rival = unseen().orElseThrow();
        SyncHistoryEntry line = record.orElseThrow();
        boolean isRecordedPrimary = rival.name().equals(line.primary());
        return primary.name() + " is primary on timeline " + primary.timeline()
                + ", and no role change of Holdfast promoted it. According to the history of " + line.at() + ", "
                + line.primary()
                + " is primary on timeline " + line.timeline()
                + (isRecordedPrimary ? ", and " : "; its data directory is missing, and ")
                + (rival.isOutOfReach()
                        ? "the host of " + rival.name() + " does not answer (" + rival.hostTrouble() + ")"
                        : "the process of " + rival.name() + " exists and does not answer")
                + ": " + rival.name() + " can have acknowledged commits that "
                + primary.name() + " lacks"
                + (receivers().isEmpty()
                        ? ""
                        : "; " + String.join(", ", receivers())
                                + (receivers().size() == 1 ? " still receives" : " still receive") + " WAL from "
                                + rival.name());
    }

    /** Returns what an operator does about them. */
    public String hint() {
        MemberState primary = promoted().orElseThrow();
        MemberState rival = unseen().orElseThrow();
        if (!rival.isOutOfReach()) {
            return rival.errorRemedy().orElse("wait until " + rival.name() + " answers, or end its process")
                    + "; then holdfast plan compares both";
        }
        return "make the host of " + rival.name() + " answer; then holdfast plan compares both"
                + (isReplaceable()
                        ? "; or switch the host off and make sure that it stays off, then " + confirmation(primary)
                        : "; if the host is off, wait until wal_receiver_timeout has passed, then run this command again");
    }

    /** Returns the same for a command that cannot confirm the promotion. */
    public String referral() {
        return isReplaceable()
                ? "make the host of " + unseen().orElseThrow().name()
                        + " answer; then holdfast plan compares both; or see what is possible without that host with "
                        + "holdfast failover "
                        + promoted().orElseThrow().node().cluster()
                : hint();
    }

    /** Returns the command by which an operator confirms that the promoted member replaces the recorded primary. */
    public static String confirmation(MemberState promoted) {
        return "holdfast failover " + promoted.node().cluster() + " --to " + promoted.name() + " --override="
                + DecisionCode.FENCED_BY_HAND;
    }

    /**
     * Without its host, a failover leaves no fence, and its history line is written after the promotion: a standby with more WAL
     * than the candidate must not stop such a run.
     */
    private boolean isRecordedPrimaryReached() {
        return recorded().filter(m -> !m.isOutOfReach()).isPresent();
    }

    /** Returns whether the newest history line names it on its timeline, or a role change fenced another member for it. */
    private boolean isRecorded(MemberState primary) {
        return record.map(l -> l.primary().equals(primary.name()) && l.timeline() == primary.timeline())
                        .orElse(primary.timeline() <= 1)
                || members.stream()
                        .anyMatch(m -> m.disk()
                                .fence()
                                .filter(f -> f.isRestore() || f.to().equals(primary.name()))
                                .filter(f -> !isOutdated(m, f))
                                .isPresent());
    }

    /** Returns whether another member became primary after that fence, so that the fence does not explain a promotion of today. */
    private boolean isOutdated(MemberState fenced, FenceMark fence) {
        return record.filter(l -> !l.primary().equals(fenced.name()) && fence.isBefore(l.at()))
                .isPresent();
    }

    /** Returns whether a role change has stopped a primary for another candidate, and nothing shows that it was promoted. */
    private boolean isLeftForAnother(MemberState member, MemberState primary) {
        return member.disk()
                .fence()
                .filter(f -> f.isFailover() || f.isSwitchover())
                .filter(f -> !f.to().isEmpty() && !f.to().equals(primary.name()) && !isOutdated(member, f))
                .isPresent();
    }

    /** Returns the fork between two members; empty where their histories show none, or do not show it. */
    private static Optional<TimelineHistory.Fork> fork(MemberState member, MemberState primary) {
        TimelineHistory own = TimelineHistory.of(member);
        TimelineHistory other = TimelineHistory.of(primary);
        return Optional.of(own.fork(other))
                .filter(f -> own.isKnown() && other.isKnown() && f.timeline() > 0 && !f.isWithinOneTimeline());
    }

    private static boolean isAhead(MemberState standby, MemberState primary) {
        return fork(standby, primary)
                .filter(f -> f.timeline() == standby.timeline() && standby.end().isPast(f.at()))
                .isPresent();
    }
}
