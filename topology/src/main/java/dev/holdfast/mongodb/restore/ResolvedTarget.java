package dev.holdfast.mongodb.restore;

import dev.holdfast.mongodb.backup.MemberBackup;
import dev.holdfast.mongodb.value.ClusterTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The moment that a person asked for, as it was found in the archive.
 *
 * @param moment everything up to and with it is brought back; NONE when there is none such
 * @param order names this restore: moment and source; folders that are brought back to it say so
 * @param picks what each set is brought back from, by its name
 * @param because how the moment was found, and what is lost after it, for people
 * @param trouble why there is none; empty when there is
 * @param hint what to try then
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
     * What one set is brought back from.
     *
     * @param last the last archived operation at or before the moment; the copy's own last when none follows it
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

    /** The same moment, brought back by a restore of another name. */
    ResolvedTarget under(String name) {
        return new ResolvedTarget(moment, name, picks, because, trouble, hint, isUnread);
    }

    /** The same, with one more reason for people. */
    ResolvedTarget because(String more) {
        List<String> all = new ArrayList<>(because);
        all.add(more);
        return new ResolvedTarget(moment, order, picks, all, trouble, hint, isUnread);
    }

    boolean isFound() {
        return trouble.isEmpty();
    }
}
