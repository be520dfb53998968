package dev.holdfast.mongodb.simulation;

import dev.holdfast.mongodb.value.MongoDocument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A replica set's configuration as one member has it.
 *
 * @param document as replSetGetConfig returns it, which does not show new members
 * @param term the term of the primary that wrote it; -1 after it was forced
 * @param fresh the members that get their votes when they have copied all data
 */
record MemberConfig(Map<String, Object> document, long version, long term, List<Entry> entries, Set<String> fresh) {

    static final long FORCED = -1;

    /** One member in a configuration. */
    record Entry(long id, String host, long votes, double priority, boolean arbiter) {}

    static MemberConfig of(MongoDocument document, long version, long term, Set<String> fresh) {
        List<Entry> entries = new ArrayList<>();
        for (MongoDocument member : document.docs("members")) {
            boolean isArbiter = member.is("arbiterOnly");
            entries.add(new Entry(
                    member.number("_id"),
                    member.text("host"),
                    member.number("votes"),
                    isArbiter ? 0 : member.decimal("priority"),
                    isArbiter));
        }
        Map<String, Object> with = new LinkedHashMap<>(document.fields());
        with.put("version", version);
        with.put("term", term);
        return new MemberConfig(with, version, term, entries, Set.copyOf(fresh));
    }

    MemberConfig at(long otherVersion, long otherTerm, Set<String> others) {
        return of(new MongoDocument(document), otherVersion, otherTerm, others);
    }

    Entry entry(String host) {
        for (Entry entry : entries) {
            if (entry.host.equals(host)) {
                return entry;
            }
        }
        return null;
    }

    boolean names(String host) {
        return entry(host) != null;
    }

    /** Returns whether every host of both configurations has one _id; a server refuses any other configuration. */
    boolean keepsIdsOf(MemberConfig other) {
        return entries.stream().allMatch(e -> !other.names(e.host) || other.entry(e.host).id == e.id);
    }

    boolean votes(String host) {
        Entry entry = entry(host);
        return entry != null && votes(entry);
    }

    boolean votes(Entry entry) {
        return entry.votes > 0 && !fresh.contains(entry.host);
    }

    int voters() {
        int voters = 0;
        for (Entry entry : entries) {
            voters += votes(entry) ? 1 : 0;
        }
        return voters;
    }

    int majority() {
        return voters() / 2 + 1;
    }

    /** Returns how many members with data make a write safe. */
    int writeMajority() {
        int holders = 0;
        for (Entry entry : entries) {
            holders += votes(entry) && !entry.arbiter ? 1 : 0;
        }
        return Math.max(1, Math.min(majority(), holders));
    }

    /** Compares as servers do: the term of a forced configuration is unknown and ignored. */
    boolean isNewerThan(MemberConfig other) {
        if (other == null) {
            return true;
        }
        boolean byTerm = term != FORCED && other.term != FORCED && term != other.term;
        return byTerm ? term > other.term : version > other.version;
    }

    long electionMillis() {
        return new MongoDocument(document).doc("settings").number("electionTimeoutMillis");
    }

    /** Returns the number of voters that only one of the two has. */
    long votersChangedBy(MemberConfig next) {
        Set<String> hosts = new HashSet<>();
        entries.forEach(e -> hosts.add(e.host));
        next.entries.forEach(e -> hosts.add(e.host));
        return hosts.stream().filter(h -> isVoter(h) != next.isVoter(h)).count();
    }

    private boolean isVoter(String host) {
        Entry entry = entry(host);
        return entry != null && entry.votes > 0;
    }
}
