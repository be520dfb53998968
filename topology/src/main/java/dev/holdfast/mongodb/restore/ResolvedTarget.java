package dev.holdfast.mongodb.restore;

import dev.holdfast.mongodb.backup.MemberBackup;
import dev.holdfast.mongodb.value.ClusterTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The requested recovery target, as found in the archive.
 *
 * @param moment the last cluster time that is restored; NONE if the target was not found
 * @param order the name of this restore: target and source; also recorded in restored directories
 * @param picks the backup and archive of each set, by its name
 * @param because sentences about how the target was found and what is lost after it
 * @param trouble the reason why it was not found; empty if it was found
 * @param hint what to do if it was not found
 * @param isUnread the repository could not be read whole, so that it is not known whether there is one
 */
record ResolvedTarget(
        ClusterTime moment,
        String order,
        Map<String, Pick> picks,
        List<String> because,
        String trouble,
        String hint,
        boolean isUnread) {

    /**
     * The backup and archive of one set.
     *
     * @param last the last archived operation at or before the target; without one, the last operation of the backup
     */
    record Pick(MemberBackup copy, ClusterTime last) {
        boolean isReplayed() {
            return last.compareTo(copy.top()) > 0;
        }
    }

    ResolvedTarget(
            ClusterTime moment,
            String order,
            Map<String, Pick> picks,
            List<String> because,
            String trouble,
            String hint) {
        this(moment, order, picks, because, trouble, hint, false);
    }

    static ResolvedTarget none(String trouble, String hint) {
        return new ResolvedTarget(ClusterTime.NONE, "", Map.of(), List.of(), trouble, hint);
    }

    static ResolvedTarget unread(String trouble, String hint) {
        return new ResolvedTarget(ClusterTime.NONE, "", Map.of(), List.of(), trouble, hint, true);
    }

    /** Returns the same target for a restore of another name. */
    ResolvedTarget under(String name) {
        return new ResolvedTarget(moment, name, picks, because, trouble, hint, isUnread);
    }

    /** Returns the same target with one more reason. */
    ResolvedTarget because(String more) {
        List<String> all = new ArrayList<>(because);
        all.add(more);
        return new ResolvedTarget(moment, order, picks, all, trouble, hint, isUnread);
    }

    boolean isFound() {
        return trouble.isEmpty();
    }
}
