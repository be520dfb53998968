package dev.holdfast;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.drill.fault.FailArchiving;
import dev.holdfast.drill.fault.Fault;
import dev.holdfast.drill.fault.FillDisk;
import dev.holdfast.drill.fault.IsolateHost;
import dev.holdfast.drill.fault.KillProcess;
import dev.holdfast.drill.fault.PauseProcess;
import dev.holdfast.drill.scenario.FaultScenario;
import dev.holdfast.drill.scenario.PointInTimeRestoreScenario;
import dev.holdfast.drill.scenario.RegionLossScenario;
import dev.holdfast.drill.scenario.RollingRestartScenario;
import dev.holdfast.drill.scenario.SwitchoverScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.time.Duration;
import java.util.List;

/** The table of the built-in drills: name, description, target, scenario, claims, and what the drill does not show. */
final class BuiltInDrills {

    private static final DrillSelector MONGO_DATA = DrillSelector.of("mongodb", GroupRole.DATA);
    private static final DrillSelector MONGO_CONFIG = DrillSelector.of("mongodb", GroupRole.CONFIG);
    private static final DrillSelector MONGO_ROUTERS = DrillSelector.of("mongodb", GroupRole.ENTRANCE);
    private static final DrillSelector POSTGRES_DATA = DrillSelector.of("postgresql", GroupRole.DATA);

    /** The group recovers within its RTO, loses nothing, and other clients do not notice. */
    private static final List<String> LOSSLESS_RECOVERY = List.of(
            "no-acknowledged-write-lost",
            "no-unexpected-writes",
            "fault-took-effect",
            "recovered-within-rto",
            "loss-within-rpo",
            "recovery-phases-consistent",
            "other-clients-unaffected",
            "estate-healthy");

    /** The same for a fault of a whole host, which other clients can notice. */
    private static final List<String> LOSSLESS_ISOLATION = List.of(
            "no-acknowledged-write-lost",
            "no-unexpected-writes",
            "fault-took-effect",
            "recovered-within-rto",
            "loss-within-rpo",
            "recovery-phases-consistent",
            "estate-healthy");

    /** Service returns after the revert, nothing is lost, and other clients do not notice. */
    private static final List<String> LOSSLESS_DEGRADATION = List.of(
            "no-acknowledged-write-lost",
            "no-unexpected-writes",
            "fault-took-effect",
            "service-restored",
            "loss-within-rpo",
            "other-clients-unaffected",
            "estate-healthy");

    /** Clients do not notice the fault. */
    private static final List<String> NO_OUTAGE = List.of(
            "no-acknowledged-write-lost",
            "no-unexpected-writes",
            "fault-took-effect",
            "no-visible-outage",
            "estate-healthy");

    static final List<Drill> ALL = List.of(
            new Drill(
                    "mongo-primary-kill",
                    "The primary's processes are killed; the remaining members elect another primary, and routers and drivers find it.",
                    MONGO_DATA,
                    fault(new KillProcess(), TargetSelector.PRIMARY, RecoveryMode.BY_ITSELF, 1),
                    LOSSLESS_RECOVERY,
                    List.of(
                            "the loss of the host: its disk and its network remain",
                            "the application's own retries: the load generator uses the driver's")),
            new Drill(
                    "mongo-primary-freeze",
                    "The primary is frozen but its port still accepts connections. The others must elect another primary, and clients must time out.",
                    MONGO_DATA,
                    fault(new PauseProcess(), TargetSelector.PRIMARY, RecoveryMode.BY_ITSELF, 1),
                    LOSSLESS_RECOVERY,
                    List.of("a host that freezes together with its kernel")),
            new Drill(
                    "mongo-primary-cut",
                    "The primary's host is isolated from all others; the majority elects another primary, and the isolated one must step down.",
                    MONGO_DATA,
                    fault(new IsolateHost(), TargetSelector.HOST_OF_PRIMARY, RecoveryMode.BY_ITSELF, 1),
                    LOSSLESS_ISOLATION,
                    List.of("a network that fails in one direction only")),
            new Drill(
                    "mongo-stepdown",
                    "The primary steps down, as before maintenance.",
                    MONGO_DATA,
                    new SwitchoverScenario(false),
                    LOSSLESS_RECOVERY,
                    List.of("a candidate that lags when the primary steps down")),
            new Drill(
                    "mongo-shard-loss",
                    "Every member of one shard is killed at once: only the data of this shard is unavailable, and the "
                            + "other shards continue.",
                    MONGO_DATA,
                    fault(new KillProcess(), TargetSelector.EVERY_MEMBER, RecoveryMode.BY_REVERT, 10),
                    LOSSLESS_RECOVERY,
                    List.of("queries to all shards at once", "the loss of the shard's disks")),
            new Drill(
                    "mongo-router-loss",
                    "The first router is killed; clients that name both routers continue with the other.",
                    MONGO_ROUTERS,
                    fault(new KillProcess(), TargetSelector.ROUTER, RecoveryMode.BY_ITSELF, 5),
                    NO_OUTAGE,
                    List.of("clients that name only one router")),
            new Drill(
                    "mongo-config-loss",
                    "The majority of the config servers is killed: reads and writes continue, but nothing can be created, moved or sharded.",
                    MONGO_CONFIG,
                    fault(new KillProcess(), TargetSelector.CONFIG_MAJORITY, RecoveryMode.BY_ITSELF, 5),
                    NO_OUTAGE,
                    List.of("operations that need the config servers: new databases, sharding, moving chunks")),
            new Drill(
                    "mongo-majority-loss",
                    "The majority of a replica set is killed, including its primary: no member can become primary, and Holdfast forces no reconfiguration.",
                    MONGO_DATA,
                    fault(new KillProcess(), TargetSelector.MAJORITY, RecoveryMode.BY_REVERT, 10),
                    LOSSLESS_RECOVERY,
                    List.of("a forced reconfiguration of a replica set without a majority")),
            new Drill(
                    "mongo-pitr",
                    "Holdfast restores all shards side by side to the same cluster time between two acknowledged writes: the first write is there, the next is not.",
                    MONGO_DATA,
                    new PointInTimeRestoreScenario(),
                    PointInTimeRestoreScenario.CLAIMS,
                    List.of(
                            "a restore in place, or to other hosts",
                            "a recovery target long ago",
                            "a slow repository")),
            new Drill(
                    "pg-primary-kill",
                    "The primary's processes are killed; the synchronous standby is promoted, the proxies follow, and the standby in the other region stays attached.",
                    POSTGRES_DATA,
                    fault(new KillProcess(), TargetSelector.PRIMARY, RecoveryMode.AS_EACH_CAN, 1),
                    LOSSLESS_RECOVERY,
                    List.of(
                            "the loss of the host: its disk and its network remain",
                            "a proxy that is lost together with the primary")),
            new Drill(
                    "pg-primary-freeze",
                    "The primary is frozen but its port still accepts connections. Holdfast must fence the primary "
                            + "before the promotion.",
                    POSTGRES_DATA,
                    fault(new PauseProcess(), TargetSelector.PRIMARY, RecoveryMode.BY_FAILOVER, 1),
                    LOSSLESS_RECOVERY,
                    List.of("a host that freezes together with its kernel")),
            new Drill(
                    "pg-primary-cut",
                    "The primary's host is isolated from all others; Holdfast replaces the primary only after it is fenced.",
                    POSTGRES_DATA,
                    fault(new IsolateHost(), TargetSelector.HOST_OF_PRIMARY, RecoveryMode.BY_FAILOVER, 1),
                    LOSSLESS_ISOLATION,
                    List.of("a host that cannot be fenced because no one has access to it")),
            new Drill(
                    "pg-standby-loss",
                    "The first standby is killed: writes behave as the durability profile declares, and no acknowledged write depends on the standby.",
                    POSTGRES_DATA,
                    fault(new KillProcess(), TargetSelector.STANDBY, RecoveryMode.BY_REVERT, 5),
                    LOSSLESS_DEGRADATION,
                    List.of("durability: available while the standby is away for long")),
            new Drill(
                    "pg-switchover",
                    "The primary role moves to the synchronous standby, as before maintenance.",
                    POSTGRES_DATA,
                    new SwitchoverScenario(true),
                    LOSSLESS_RECOVERY,
                    List.of("an archiver that is behind when the primary stops")),
            new Drill(
                    "pg-dr-promotion",
                    "The primary and standbys of one region are killed at once; Holdfast promotes the disaster-recovery standby within the predicted loss, and returns the role when the region is back.",
                    POSTGRES_DATA,
                    new RegionLossScenario(),
                    List.of(
                            "no-unexpected-writes",
                            "fault-took-effect",
                            "recovered-within-rto",
                            "loss-within-prediction",
                            "primary-returned",
                            "recovery-phases-consistent",
                            "other-clients-unaffected",
                            "estate-healthy"),
                    List.of(
                            "the RPO: writes that the asynchronous standby has not received are lost with the region",
                            "a region whose hosts are lost with their disks, or an isolated region that still runs")),
            new Drill(
                    "pg-archive-failure",
                    "The primary's archive command fails: clients must not notice, WAL segments are kept, and all are archived after the revert.",
                    POSTGRES_DATA,
                    fault(new FailArchiving(), TargetSelector.PRIMARY, RecoveryMode.BY_ITSELF, 5),
                    List.of(
                            "no-acknowledged-write-lost",
                            "no-unexpected-writes",
                            "fault-took-effect",
                            "no-visible-outage",
                            "archiving-resumed",
                            "loss-within-rpo",
                            "estate-healthy"),
                    List.of(
                            "archiving that fails until the disk is full",
                            "a repository that accepts segments and loses them")),
            new Drill(
                    "pg-disk-full",
                    "The file system of the primary is full: writes are refused, no acknowledged write is lost, and writes succeed again when space is free. Holdfast refuses this drill when more than 4 GiB are free.",
                    POSTGRES_DATA,
                    fault(new FillDisk(), TargetSelector.PRIMARY, RecoveryMode.BY_REVERT, 10),
                    LOSSLESS_DEGRADATION,
                    List.of("a disk that fails rather than fills")),
            new Drill(
                    "pg-pitr",
                    "Holdfast restores side by side to a recovery target between two acknowledged writes: the first is there, "
                            + "the next is not.",
                    POSTGRES_DATA,
                    new PointInTimeRestoreScenario(),
                    PointInTimeRestoreScenario.CLAIMS,
                    List.of(
                            "a restore in place, or to other hosts",
                            "a recovery target long ago",
                            "a slow repository")),
            new Drill(
                    "estate-pitr",
                    "Holdfast restores every cluster of the estate side by side to the same time: writes that were "
                            + "acknowledged before that time are there, and later writes are not.",
                    DrillSelector.ESTATE,
                    new PointInTimeRestoreScenario(),
                    PointInTimeRestoreScenario.CLAIMS,
                    List.of(
                            "a restore in place, or to other hosts",
                            "a recovery target long ago",
                            "machines with different clocks: the recovery target is only as precise as the clocks agree")),
            new Drill(
                    "zone-loss",
                    "Every server in one zone is killed at once, in every cluster: clusters with elections recover by themselves, and Holdfast fails over the others.",
                    DrillSelector.ESTATE,
                    fault(new KillProcess(), TargetSelector.ZONE, RecoveryMode.AS_EACH_CAN, 5),
                    List.of(
                            "no-acknowledged-write-lost",
                            "no-unexpected-writes",
                            "fault-took-effect",
                            "service-restored",
                            "loss-within-rpo",
                            "recovery-phases-consistent",
                            "other-clients-unaffected",
                            "estate-healthy"),
                    List.of(
                            "a zone whose hosts are lost with their disks",
                            "an isolated zone that still runs: mongo-primary-cut and pg-primary-cut show that")),
            new Drill(
                    "rolling-restart",
                    "Every server of every cluster is restarted, one after the other, the primaries last: clients observe short pauses, not an outage.",
                    DrillSelector.ESTATE,
                    new RollingRestartScenario(),
                    List.of(
                            "no-acknowledged-write-lost",
                            "no-unexpected-writes",
                            "fault-took-effect",
                            "service-restored",
                            "loss-within-rpo",
                            "estate-healthy"),
                    List.of("the restart of hosts with their kernels", "servers of different versions side by side")));

    private BuiltInDrills() {}

    /** @param seconds the least time that the fault stays active */
    private static Scenario fault(Fault fault, TargetSelector target, RecoveryMode recovery, int seconds) {
        return new FaultScenario(List.of(FaultInjection.of(fault, target)), recovery, Duration.ofSeconds(seconds));
    }
}
