package dev.holdfast.mongodb.state;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import java.util.List;
import java.util.Optional;

/**
 * The point where the oplogs of a member and of the primary diverge.
 *
 * <p>A forced configuration leaves out members that can have majority-acknowledged writes. When such a member joins, it
 * rolls back every operation that the primary lacks. So Holdfast compares its oplog first.
 *
 * <p>Two primaries of different configurations can have one term, and their operations then can have one time. MongoDB
 * takes such operations for equal: it rolls nothing back, and the member lacks the other primary's operations for good. So
 * Holdfast compares the contents of operations.
 *
 * @param member the member, which is not in the primary's configuration
 * @param common the last common operation; NONE if the compared part has none
 * @param own the number of changes that only the member has
 * @param others the number of changes that only the primary has
 * @param last the last operation of the member
 * @param isHidden whether both have different operations with one time and term, so that MongoDB would find a later common one
 * @param unread the reason why the comparison failed; empty if it succeeded
 */
public record OplogDivergence(
        Node member, Node primary, OpTime common, long own, long others, OpTime last, boolean isHidden, String unread) {

    /** The number of compared pages of the member's oplog; older operations are not counted. */
    private static final int PAGES = 50;

    /**
     * Returns the divergence; empty if the primary has every change of data that the member has, and MongoDB finds the last common
     * operation.
     */
    static Optional<OplogDivergence> between(ExecutionContext context, NodeState member, NodeState primary) {
        if (!member.answers() || member.login().isAnonymous()) {
            return unread(
                    member,
                    primary,
                    ActionResult.silent(
                            member.node().name() + " " + (member.answers() ? "refuses the login" : "does not answer")));
        }
        ClusterTime before = OplogOverlap.NEWEST;
        OpTime last = OpTime.NONE;
        long own = 0;
        boolean isHidden = false;
        for (int page = 0; page < PAGES; page++) {
            OplogOverlap overlap =
                    OplogOverlap.read(context, member.node(), member.login(), primary.node(), primary.login(), before);
            if (!overlap.isRead()) {
                return unread(member, primary, overlap.trouble());
            }
            List<MongoDocument> mine = overlap.mine();
            if (mine.isEmpty()) {
                break;
            }
            last = last.isKnown() ? last : OpTime.of(mine.get(0));
            List<MongoDocument> ofMember = mine.subList(0, overlap.own());
            isHidden |= ofMember.stream().anyMatch(overlap::isHidden);
            own += ofMember.stream()
                    .filter(e -> isChange(e) && !overlap.isShared(e))
                    .mapToLong(e -> e.number("changes"))
                    .sum();
            if (ofMember.size() < mine.size()) {
                OpTime common = OpTime.of(mine.get(ofMember.size()));
                return own == 0 && !isHidden
                        ? Optional.empty()
                        : Optional.of(since(context, member, primary, common, own, last, isHidden));
            }
            before = ClusterTime.of(OpTime.of(mine.get(mine.size() - 1)));
        }
        return own == 0 && !isHidden
                ? Optional.empty()
                : Optional.of(since(context, member, primary, OpTime.NONE, own, last, isHidden));
    }

    /** What the newest operations of a member that replicates show. */
    public enum Newest {
        /** The primary has the last one, and all others that it has are equal. */
        SHARED,
        /** The primary lacks the last one, or a server did not answer. */
        MISSING,
        /** The primary has another operation with one time and term, so MongoDB has missed a difference. */
        HIDDEN
    }

    /** Compares the newest operations of a member after a catch-up; time and term alone are no proof. */
    public static Newest newest(ExecutionContext context, Node member, Node primary, Credentials login) {
        OplogOverlap overlap = OplogOverlap.read(context, member, login, primary, login, OplogOverlap.NEWEST);
        if (!overlap.isRead() || overlap.mine().isEmpty()) {
            return Newest.MISSING;
        }
        return overlap.mine().stream().anyMatch(overlap::isHidden)
                ? Newest.HIDDEN
                : overlap.isShared(overlap.mine().get(0)) ? Newest.SHARED : Newest.MISSING;
    }

    private static OplogDivergence since(
            ExecutionContext context,
            NodeState member,
            NodeState primary,
            OpTime common,
            long own,
            OpTime last,
            boolean isHidden) {
        ClusterTime from = common.isKnown() ? ClusterTime.of(common) : new ClusterTime(0, 0);
        Script script = Script.of("mongodb/oplog-changes.json").with("after", from.json());
        long others =
                MongoDocument.of(OplogOverlap.ask(context, primary.node(), primary.login(), script)
                                .row())
                        .batch()
                        .stream()
                        .mapToLong(d -> d.number("changes"))
                        .sum();
        return new OplogDivergence(member.node(), primary.node(), common, own, others, last, isHidden, "");
    }

    private static Optional<OplogDivergence> unread(NodeState member, NodeState primary, ActionResult answer) {
        String why = answer.isSilent() ? answer.text() : answer.sentence();
        return Optional.of(
                new OplogDivergence(member.node(), primary.node(), OpTime.NONE, 0, 0, OpTime.NONE, false, why));
    }

    /** Returns whether the entry is neither a no-op nor a server's own record of sessions. */
    private static boolean isChange(MongoDocument entry) {
        return !entry.text("op").equals("n") && !entry.text("ns").equals("config.system.sessions");
    }

    public boolean isRead() {
        return unread.isEmpty();
    }

    /** Returns a sentence about the changes that only one side has. */
    public String description() {
        if (!isRead()) {
            return "the oplogs of " + member.name() + " and " + primary.name() + " could not be compared: " + unread;
        }
        return member.name() + " has " + changes(own) + " up to " + last + " that " + primary.name() + " lacks, and "
                + primary.name() + " has " + changes(others) + " that " + member.name() + " lacks"
                + (common.isKnown() ? "; the last common operation is " + common : "")
                + (isHidden
                        ? ". Both were primary in one term, so MongoDB does not find this difference: the member needs a new copy"
                        : "");
    }

    private static String changes(long number) {
        return number + (number == 1 ? " change" : " changes");
    }

    /** Returns the commands that choose whose data is kept. */
    public String hint(String set) {
        if (!isRead()) {
            return "holdfast apply starts stopped members and compares again; holdfast status shows which member does not answer";
        }
        return "to keep the data of " + primary.name() + ", run holdfast rejoin " + set + "/" + member.name()
                + " --accept-data-loss (changes that only " + member.name() + " has are saved in its directory)"
                + "; to keep the data of " + member.name() + ", run holdfast failover " + set + " --to " + member.name()
                + " --accept-data-loss";
    }
}
