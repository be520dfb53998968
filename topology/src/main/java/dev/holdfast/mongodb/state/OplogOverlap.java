package dev.holdfast.mongodb.state;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunDocumentCommand;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One page of a member's oplog, newest operation first, and the contents of the primary's operations with the same times.
 *
 * @param mine the operations of the member
 * @param theirs the hash of each operation of the primary that has the time and term of one of these
 * @param trouble the answer of a server that could not be read; then the rest is empty
 */
record OplogOverlap(List<MongoDocument> mine, Map<OpTime, Long> theirs, ActionResult trouble) {

    static final ClusterTime NEWEST = new ClusterTime(ClusterTime.GREATEST, 0);

    private static final Duration LONG = Duration.ofSeconds(30);

    /** @param before the page has the operations before this time */
    static OplogOverlap read(
            ExecutionContext context,
            Node member,
            Credentials login,
            Node primary,
            Credentials lead,
            ClusterTime before) {
        ActionResult own = ask(
                context, member, login, Script.of("mongodb/oplog-newest.json").with("before", before.json()));
        if (!own.isOk()) {
            return new OplogOverlap(List.of(), Map.of(), own);
        }
        List<MongoDocument> mine = MongoDocument.of(own.row()).batch();
        if (mine.isEmpty()) {
            return new OplogOverlap(List.of(), Map.of(), own);
        }
        ActionResult shared = ask(context, primary, lead, common(mine));
        Map<OpTime, Long> theirs = new HashMap<>();
        MongoDocument.of(shared.row()).batch().forEach(d -> theirs.put(OpTime.of(d), d.number("hash")));
        return new OplogOverlap(mine, theirs, shared);
    }

    private static Script common(List<MongoDocument> entries) {
        List<Object> stamps = entries.stream()
                .map(e -> (Object) ClusterTime.of(OpTime.of(e)).json())
                .toList();
        return Script.of("mongodb/oplog-common.json")
                .with("from", stamps.get(stamps.size() - 1))
                .with("through", stamps.get(0))
                .with("stamps", stamps);
    }

    static ActionResult ask(ExecutionContext context, Node node, Credentials login, Script script) {
        return context.ask(new RunDocumentCommand(node, login, "local", script, Access.LOOK, LONG));
    }

    boolean isRead() {
        return trouble.isOk();
    }

    /** Returns whether the primary has this operation with these contents. */
    boolean isShared(MongoDocument entry) {
        Long other = theirs.get(OpTime.of(entry));
        return other != null && other == entry.number("hash");
    }

    /** Returns whether the primary has another operation with this time and term. */
    boolean isHidden(MongoDocument entry) {
        return theirs.containsKey(OpTime.of(entry)) && !isShared(entry);
    }

    /**
     * Returns how many of these operations are newer than the last common one. An equal operation above a different one with
     * the time and term of the primary's is no proof: the member has fetched it after MongoDB had missed the difference.
     */
    int own() {
        int from = 0;
        for (int i = 0; i < mine.size(); i++) {
            from = isHidden(mine.get(i)) ? i + 1 : from;
        }
        while (from < mine.size() && !isShared(mine.get(from))) {
            from++;
        }
        return from;
    }
}
