package dev.holdfast.postgres;

import dev.holdfast.engine.VersionProblems;
import java.util.List;
import java.util.Map;

/** The known problems of PostgreSQL versions. */
final class PostgresVersionProblems {

    private static final Map<String, String> ENDS = Map.of(
            "13", "2025-11-13",
            "14", "2026-11-12",
            "15", "2027-11-11",
            "16", "2028-11-09",
            "17", "2029-11-08",
            "18", "2030-11-14");

    static final VersionProblems ALL = new VersionProblems("PostgreSQL", 1, List.of(), ENDS);

    private PostgresVersionProblems() {}
}
