package dev.holdfast.postgres.value;

import dev.holdfast.engine.VersionProblems;
import java.util.List;
import java.util.Map;

/** The versions of PostgreSQL: what Holdfast supports, and the known problems. */
public final class PostgresVersions {

    private static final Map<String, String> ENDS = Map.of(
            "13", "2025-11-13",
            "14", "2026-11-12",
            "15", "2027-11-11",
            "16", "2028-11-09",
            "17", "2029-11-08",
            "18", "2030-11-14");

    public static final VersionProblems ALL =
            new VersionProblems("PostgreSQL", 1, List.of(), ENDS, List.of("14", "15", "16", "17", "18"), List.of());

    private PostgresVersions() {}
}
