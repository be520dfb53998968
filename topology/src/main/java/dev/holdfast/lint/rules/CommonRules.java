package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import java.util.List;
import java.util.stream.Stream;

/** All lint rules that hold for clusters of every engine, for hosts and for backups. */
public final class CommonRules {

    private static final List<LintRule> OBJECTIVES = List.of(
            new EvenNumberOfVoters(),
            new TooFewVoters(),
            new ZoneHoldsMajority(),
            new MembersShareHost(),
            new ArbiterCannotAcknowledge(),
            new TooFewEndpoints(),
            new EndpointsInOneRegion(),
            new SyncStandbyInPrimaryZone(),
            new NoCopyInOtherRegion(),
            new RpoZeroNotGuaranteed(),
            new ArchiveLagExceedsRpo(),
            new RtoBelowElectionTimeout(),
            new NoBackupDeclared(),
            new BackupOnDataDisk(),
            new RetentionTooShort(),
            new HostsWithoutZone(),
            new UnusedHosts(),
            new UnusedSecrets());

    private CommonRules() {}

    public static List<LintRule> all() {
        return Stream.of(OBJECTIVES, ObjectiveRules.all(), HostRules.all())
                .flatMap(List::stream)
                .toList();
    }
}
