package dev.holdfast.postgres.lint;

import dev.holdfast.lint.LintRule;
import java.util.List;
import java.util.stream.Stream;

/** All lint rules about PostgreSQL clusters. */
public final class PostgresRules {

    private PostgresRules() {}

    public static List<LintRule> all() {
        return Stream.of(
                        MemberRules.all(),
                        ReplicationRules.all(),
                        RoleRules.all(),
                        BackupRules.all(),
                        VacuumRules.all(),
                        SafetySettingRules.all(),
                        ServerSettingRules.all(),
                        List.<LintRule>of(new SettingValueRule()))
                .flatMap(List::stream)
                .toList();
    }
}
