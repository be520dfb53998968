package dev.holdfast;

import dev.holdfast.backup.Vault;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.EstatePointInTime;
import dev.holdfast.drill.MongoConfigLoss;
import dev.holdfast.drill.MongoMajorityLoss;
import dev.holdfast.drill.MongoPointInTime;
import dev.holdfast.drill.MongoPrimaryCut;
import dev.holdfast.drill.MongoPrimaryFreeze;
import dev.holdfast.drill.MongoPrimaryKill;
import dev.holdfast.drill.MongoRouterLoss;
import dev.holdfast.drill.MongoShardLoss;
import dev.holdfast.drill.MongoStepDown;
import dev.holdfast.drill.PgArchiveFailure;
import dev.holdfast.drill.PgDiskFull;
import dev.holdfast.drill.PgDrPromotion;
import dev.holdfast.drill.PgPointInTime;
import dev.holdfast.drill.PgPrimaryCut;
import dev.holdfast.drill.PgPrimaryFreeze;
import dev.holdfast.drill.PgPrimaryKill;
import dev.holdfast.drill.PgStandbyLoss;
import dev.holdfast.drill.PgSwitchover;
import dev.holdfast.drill.RollingRestart;
import dev.holdfast.drill.ZoneLoss;
import dev.holdfast.drill.fault.BreakArchive;
import dev.holdfast.drill.fault.CutLink;
import dev.holdfast.drill.fault.CutOff;
import dev.holdfast.drill.fault.Fault;
import dev.holdfast.drill.fault.FillDisk;
import dev.holdfast.drill.fault.Freeze;
import dev.holdfast.drill.fault.Kill;
import dev.holdfast.drill.fault.Lossy;
import dev.holdfast.drill.fault.Restart;
import dev.holdfast.drill.fault.SlowLink;
import dev.holdfast.drill.fault.Stop;
import dev.holdfast.engine.Engine;
import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.checks.ArchivesAgain;
import dev.holdfast.ledger.checks.BroughtBack;
import dev.holdfast.ledger.checks.CameHome;
import dev.holdfast.ledger.checks.CarriedOn;
import dev.holdfast.ledger.checks.EndsWhole;
import dev.holdfast.ledger.checks.LossWithinBound;
import dev.holdfast.ledger.checks.LossWithinObjective;
import dev.holdfast.ledger.checks.MomentExact;
import dev.holdfast.ledger.checks.NothingInvented;
import dev.holdfast.ledger.checks.NothingLost;
import dev.holdfast.ledger.checks.OthersUntouched;
import dev.holdfast.ledger.checks.OwnInvariants;
import dev.holdfast.ledger.checks.PhasesAddUp;
import dev.holdfast.ledger.checks.RanToItsEnd;
import dev.holdfast.ledger.checks.RecoveredInTime;
import dev.holdfast.ledger.checks.ServedAgain;
import dev.holdfast.ledger.checks.TookEffect;
import dev.holdfast.lint.ArbiterBesideMajority;
import dev.holdfast.lint.ArchiveBehindRpo;
import dev.holdfast.lint.BackupBesideData;
import dev.holdfast.lint.CrowdedHost;
import dev.holdfast.lint.EvenVoters;
import dev.holdfast.lint.FewEntrances;
import dev.holdfast.lint.FewVoters;
import dev.holdfast.lint.IdleHosts;
import dev.holdfast.lint.LossDespiteRpo;
import dev.holdfast.lint.NoBackup;
import dev.holdfast.lint.NoCopyElsewhere;
import dev.holdfast.lint.RtoBelowElection;
import dev.holdfast.lint.Rule;
import dev.holdfast.lint.SyncInPrimaryZone;
import dev.holdfast.lint.UnplacedHosts;
import dev.holdfast.lint.UnusedSecrets;
import dev.holdfast.lint.ZoneHoldsMajority;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Trouble;
import dev.holdfast.mongodb.MongoEngine;
import dev.holdfast.postgres.PostgresEngine;
import dev.holdfast.schema.Store;
import java.util.List;

/** The lists of what Holdfast knows; a new engine, fault, drill or lint rule is one file and one line here. */
public final class Catalogue {

    private static final List<Engine> ENGINES = List.of(new MongoEngine(), new PostgresEngine());

    private static final List<Rule> RULES = List.of(
            new EvenVoters(),
            new FewVoters(),
            new ZoneHoldsMajority(),
            new CrowdedHost(),
            new ArbiterBesideMajority(),
            new FewEntrances(),
            new SyncInPrimaryZone(),
            new NoCopyElsewhere(),
            new LossDespiteRpo(),
            new ArchiveBehindRpo(),
            new RtoBelowElection(),
            new NoBackup(),
            new BackupBesideData(),
            new UnplacedHosts(),
            new IdleHosts(),
            new UnusedSecrets());

    private static final List<Check> CHECKS = List.of(
            new RanToItsEnd(),
            new NothingLost(),
            new NothingInvented(),
            new TookEffect(),
            new RecoveredInTime(),
            new LossWithinObjective(),
            new LossWithinBound(),
            new CameHome(),
            new PhasesAddUp(),
            new OthersUntouched(),
            new CarriedOn(),
            new ServedAgain(),
            new ArchivesAgain(),
            new MomentExact(),
            new BroughtBack(),
            new OwnInvariants(),
            new EndsWhole());

    private static final List<Fault> FAULTS = List.of(
            new Kill(),
            new Freeze(),
            new Stop(),
            new Restart(),
            new CutOff(),
            new CutLink(),
            new SlowLink(),
            new Lossy(),
            new FillDisk(),
            new BreakArchive());

    private static final List<Drill> DRILLS = List.of(
            MongoPrimaryKill.drill(),
            MongoPrimaryFreeze.drill(),
            MongoPrimaryCut.drill(),
            MongoStepDown.drill(),
            MongoShardLoss.drill(),
            MongoRouterLoss.drill(),
            MongoConfigLoss.drill(),
            MongoMajorityLoss.drill(),
            MongoPointInTime.drill(),
            PgPrimaryKill.drill(),
            PgPrimaryFreeze.drill(),
            PgPrimaryCut.drill(),
            PgStandbyLoss.drill(),
            PgSwitchover.drill(),
            PgDrPromotion.drill(),
            PgArchiveFailure.drill(),
            PgDiskFull.drill(),
            PgPointInTime.drill(),
            EstatePointInTime.drill(),
            ZoneLoss.drill(),
            RollingRestart.drill());

    private Catalogue() {}

    public static List<Check> checks() {
        return CHECKS;
    }

    public static List<Fault> faults() {
        return FAULTS;
    }

    public static List<Drill> drills() {
        return DRILLS;
    }

    /** What experience advises of a topology. */
    public static List<Rule> rules() {
        return RULES;
    }

    public static List<Engine> engines() {
        return ENGINES;
    }

    /** What an engine does with a dictionary. */
    public static Store store(String name) {
        return (Store) engine(name);
    }

    /** What an engine does about backups. */
    public static Vault vault(Cluster cluster) {
        if (engine(cluster.engine()) instanceof Vault vault) {
            return vault;
        }
        throw new Trouble(
                Exit.REFUSED,
                cluster.name(),
                cluster.engine() + " has no backups here",
                "the README says what is not there yet");
    }

    public static Engine engine(String name) {
        return ENGINES.stream()
                .filter(e -> e.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no engine is called " + name));
    }
}
