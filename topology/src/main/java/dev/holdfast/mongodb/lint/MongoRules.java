package dev.holdfast.mongodb.lint;

import dev.holdfast.lint.LintRule;
import java.util.List;
import java.util.stream.Stream;

/** All lint rules about MongoDB clusters. */
public final class MongoRules {

    private MongoRules() {}

    public static List<LintRule> all() {
        return Stream.of(
                        MemberRules.all(),
                        ShardRules.all(),
                        ConcernRules.all(),
                        List.<LintRule>of(new ConcernOfUnknownCollection()),
                        RoleRules.all(),
                        BackupRules.all(),
                        StorageSettingRules.all(),
                        ServerSettingRules.all(),
                        ParameterRules.all(),
                        SettingNameRules.all())
                .flatMap(List::stream)
                .toList();
    }
}
