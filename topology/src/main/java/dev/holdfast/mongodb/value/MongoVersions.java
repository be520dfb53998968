package dev.holdfast.mongodb.value;

import dev.holdfast.engine.VersionProblems;
import dev.holdfast.engine.VersionProblems.Vulnerability;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The versions of MongoDB: what Holdfast supports, and the known problems. */
public final class MongoVersions {

    private static final List<Vulnerability> MEMORY_LEAK = Stream.of(
                    "8.2.2", "8.0.16", "7.0.27", "6.0.26", "5.0.31", "4.4.29")
            .map(last -> new Vulnerability(
                    last.substring(0, last.lastIndexOf('.')),
                    last,
                    "CVE-2025-14847",
                    "any client that reaches the port can read the server's memory without a login",
                    "Holdfast disables the zlib compression that the attack needs"))
            .toList();

    private static final Map<String, String> ENDS = Map.of(
            "4.4", "2024-02-29", "5.0", "2024-10-31", "6.0", "2025-07-31", "7.0", "2027-08-31", "8.0", "2029-10-31");

    /** The minor releases between the major ones, whose end of support this table does not have. */
    private static final List<String> MINOR_RELEASES = List.of("8.1", "8.2");

    public static final VersionProblems ALL =
            new VersionProblems("MongoDB", 2, MEMORY_LEAK, ENDS, List.of("7.0", "8"), MINOR_RELEASES);

    private MongoVersions() {}
}
