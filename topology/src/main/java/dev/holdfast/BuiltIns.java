package dev.holdfast;

import dev.holdfast.backup.BackupProvider;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.fault.DelayPackets;
import dev.holdfast.drill.fault.DropPackets;
import dev.holdfast.drill.fault.FailArchiving;
import dev.holdfast.drill.fault.Fault;
import dev.holdfast.drill.fault.FillDisk;
import dev.holdfast.drill.fault.IsolateHost;
import dev.holdfast.drill.fault.KillProcess;
import dev.holdfast.drill.fault.PartitionLink;
import dev.holdfast.drill.fault.PauseProcess;
import dev.holdfast.drill.fault.RestartProcess;
import dev.holdfast.drill.fault.StopProcess;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.VersionProblems;
import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.checks.ArchivingResumed;
import dev.holdfast.ledger.checks.CustomInvariantsHold;
import dev.holdfast.ledger.checks.DrillCompleted;
import dev.holdfast.ledger.checks.EstateHealthyAtEnd;
import dev.holdfast.ledger.checks.FaultTookEffect;
import dev.holdfast.ledger.checks.LossWithinPredictedBound;
import dev.holdfast.ledger.checks.LossWithinRpo;
import dev.holdfast.ledger.checks.NoAcknowledgedWriteLost;
import dev.holdfast.ledger.checks.NoUnexpectedWrites;
import dev.holdfast.ledger.checks.NoVisibleOutage;
import dev.holdfast.ledger.checks.OtherClientsUnaffected;
import dev.holdfast.ledger.checks.PrimaryReturned;
import dev.holdfast.ledger.checks.RecoveredWithinRto;
import dev.holdfast.ledger.checks.RecoveryPhasesConsistent;
import dev.holdfast.ledger.checks.RecoveryTargetExact;
import dev.holdfast.ledger.checks.RestoreCompleted;
import dev.holdfast.ledger.checks.ServiceRestored;
import dev.holdfast.lint.LintRule;
import dev.holdfast.lint.rules.CommonRules;
import dev.holdfast.lint.rules.VersionRules;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.mongodb.MongoEngine;
import dev.holdfast.mongodb.lint.MongoRules;
import dev.holdfast.postgres.PostgresEngine;
import dev.holdfast.postgres.lint.PostgresRules;
import dev.holdfast.schema.SchemaProvider;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lists of all engines, faults, checks and lint rules; a new one is one file and one line here. */
public final class BuiltIns {

    private static final List<Engine> ENGINES = List.of(new MongoEngine(), new PostgresEngine());

    private static final List<Check> CHECKS = List.of(
            new DrillCompleted(),
            new NoAcknowledgedWriteLost(),
            new NoUnexpectedWrites(),
            new FaultTookEffect(),
            new RecoveredWithinRto(),
            new LossWithinRpo(),
            new LossWithinPredictedBound(),
            new PrimaryReturned(),
            new RecoveryPhasesConsistent(),
            new OtherClientsUnaffected(),
            new NoVisibleOutage(),
            new ServiceRestored(),
            new ArchivingResumed(),
            new RecoveryTargetExact(),
            new RestoreCompleted(),
            new CustomInvariantsHold(),
            new EstateHealthyAtEnd());

    private static final List<Fault> FAULTS = List.of(
            new KillProcess(),
            new PauseProcess(),
            new StopProcess(),
            new RestartProcess(),
            new IsolateHost(),
            new PartitionLink(),
            new DelayPackets(),
            new DropPackets(),
            new FillDisk(),
            new FailArchiving());

    private BuiltIns() {}

    public static List<Check> checks() {
        return CHECKS;
    }

    public static List<Fault> faults() {
        return FAULTS;
    }

    public static List<Drill> drills() {
        return BuiltInDrills.ALL;
    }

    /** What experience advises of a topology. */
    public static List<LintRule> rules() {
        Map<String, VersionProblems> versions =
                ENGINES.stream().collect(Collectors.toMap(Engine::name, Engine::versions));
        return Stream.of(CommonRules.all(), VersionRules.all(versions), MongoRules.all(), PostgresRules.all())
                .flatMap(List::stream)
                .toList();
    }

    public static List<Engine> engines() {
        return ENGINES;
    }

    /** What an engine does with a dictionary. */
    public static SchemaProvider store(String name) {
        return (SchemaProvider) engine(name);
    }

    /** What an engine does about backups. */
    public static BackupProvider backupProvider(Cluster cluster) {
        if (engine(cluster.engine()) instanceof BackupProvider provider) {
            return provider;
        }
        throw new HoldfastException(
                ExitCode.REFUSED, cluster.name(), cluster.engine() + " has no backups here", "see examples/LIMITS.md");
    }

    public static Engine engine(String name) {
        return ENGINES.stream()
                .filter(e -> e.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no engine has the name " + name));
    }
}
