package dev.holdfast.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The stable codes of decisions, refusals and overrides. Users script against them, so that they are a contract like
 * {@link ExitCode}. A code has the same meaning and the same exit codes on every engine.
 */
public enum DecisionCode {
    // ---- what was asked for
    UNKNOWN_MEMBER("No member has the requested name.", ExitCode.USAGE),
    ALREADY_PRIMARY("The requested member is the primary already."),
    MAINTENANCE("The cluster is in maintenance; its roles are not changed.", ExitCode.REFUSED),
    AUTOMATIC_FAILOVER("The operation does not support a cluster with failover: automatic yet.", ExitCode.REFUSED),
    SECRETS_UNKNOWN("Holdfast cannot log in with the secrets that this machine has.", ExitCode.REFUSED),

    // ---- the primary
    SPLIT_BRAIN(
            "Members have commits that the other ones lack, and more than one is or was primary. Exit 4: the evidence "
                    + "shows which one clients use. Exit 7: the evidence does not show it.",
            ExitCode.REFUSED,
            ExitCode.WOULD_LOSE_DATA),
    STRAY_PRIMARY("The member acts as primary, and clients use another primary."),
    STRAY_PRIMARY_ACCEPTED("The member is one of several primaries, and the loss of its own commits was accepted."),
    NO_PRIMARY_ANSWERS("No primary answers.", ExitCode.UNREACHABLE),
    SET_WITHOUT_PRIMARY("The replica set has no primary.", ExitCode.REFUSED),
    PRIMARY_UNKNOWN(
            "Nothing shows which member was primary. Exit 10: some hosts do not answer. Exit 4: all hosts answer.",
            ExitCode.REFUSED,
            ExitCode.UNREACHABLE),
    PRIMARY_ANSWERS("The primary answers queries, so a failover is not needed.", ExitCode.REFUSED),
    PRIMARY_WITH_MAJORITY("The replica set has a primary, and a majority of its voters answers."),
    PRIMARY_WITHOUT_MAJORITY(
            "A member still acts as primary without a majority; the member steps down soon.", ExitCode.REFUSED),
    PRIMARY_REACHED("Other servers reach the primary that does not answer here.", ExitCode.REFUSED),
    PRIMARY_RECOVERING("The primary performs crash recovery.", ExitCode.REFUSED),
    PRIMARY_OTHER_PORT("The primary runs on another port than the declared one.", ExitCode.REFUSED),
    PRIMARY_HOST_SILENT("The primary's host does not answer.", ExitCode.UNREACHABLE),
    NEWER_PRIMARY_UNSEEN(
            "A member was promoted later than the lost primary, and that member does not answer.",
            ExitCode.UNREACHABLE),
    FENCED_BY_HAND(
            "The lost primary must be fenced manually, because its host does not answer. The override confirms that the"
                    + " host is off and stays off.",
            ExitCode.UNREACHABLE),

    // ---- a former primary that is started again
    FORMER_PRIMARY("A former primary is started again as primary."),
    FORMER_OVERTAKEN("Another member can have later commits than the former primary.", ExitCode.WOULD_LOSE_DATA),
    RIVALS_SILENT("A member that possibly runs as primary does not answer.", ExitCode.UNREACHABLE),

    // ---- the other members
    MEMBER_REACHED("Other servers reach a member that does not answer here.", ExitCode.REFUSED),
    OTHERS_SILENT(
            "So many members do not answer that another primary can exist or can be promoted among them.",
            ExitCode.UNREACHABLE),
    NO_MAJORITY("No majority of the voters answers.", ExitCode.REFUSED),
    EMPTY_VOTER(
            "The primary has a majority only with members that have no data; other members can have later writes.",
            ExitCode.WOULD_LOSE_DATA),
    CATCH_UP("The elected primary fetches writes of other members, and accepts writes afterwards."),
    CATCH_UP_ENDLESS(
            "The elected primary fetches from no member, and accepts no writes until its catch-up is ended.",
            ExitCode.REFUSED),
    PROMOTION_UNCOMPARED(
            "No role change promoted the running primary; it can lack commits of the recorded primary.",
            ExitCode.WOULD_LOSE_DATA),
    PROMOTION_UNFENCED(
            "No role change promoted the running primary, and the host of the recorded primary does not answer.",
            ExitCode.UNREACHABLE),
    PROMOTION_UNRECORDED(
            "No role change promoted the running primary, and the recorded primary does not answer.",
            ExitCode.UNREACHABLE),
    ELECTION_EXPECTED("A majority of the voters answers and will elect a primary."),
    NO_PRIMARY_TO_RELIEVE("The replica set has no primary, and the candidate can be elected."),
    NOT_INITIATED("No member has a replica set configuration.", ExitCode.REFUSED),
    SET_UNKNOWN("No member that answers knows the replica set.", ExitCode.UNREACHABLE),
    STANDBYS_STOPPED("Stopped standbys can have every acknowledged commit; they are started first."),

    // ---- the candidate
    NO_CANDIDATE("No member can take over.", ExitCode.REFUSED),
    NO_STANDBY_ANSWERS("No standby that can be promoted answers.", ExitCode.UNREACHABLE),
    RECOVERY_COPY_UNNAMED(
            "Only a disaster-recovery copy can take over, and it is promoted only when --to names it.",
            ExitCode.REFUSED),
    CANDIDATE_UNFIT(
            "No candidate can take over. The refusal has the code of the candidate's own row.",
            ExitCode.REFUSED,
            ExitCode.UNREACHABLE),
    CANDIDATE_SILENT("The candidate's host does not answer.", ExitCode.UNREACHABLE),
    CANDIDATE_UNSEEN(
            "The candidate of an interrupted role change can have been promoted. Exit 10: its host does not answer. Exit 7:"
                    + " its data directory is missing.",
            ExitCode.WOULD_LOSE_DATA,
            ExitCode.UNREACHABLE),
    CANDIDATE_DOWN("The candidate's host answers, and the candidate's server does not.", ExitCode.REFUSED),
    CANDIDATE_NOT_STANDBY("The candidate is not a standby.", ExitCode.REFUSED),
    CANDIDATE_NOT_SECONDARY("The candidate is not a secondary.", ExitCode.REFUSED),
    CANDIDATE_NOT_STREAMING("The candidate does not stream from the primary.", ExitCode.REFUSED),
    CANDIDATE_NOT_ELECTABLE(
            "The candidate has no votes or priority 0, or is not a secondary that answers.", ExitCode.REFUSED),
    CANDIDATE_NOT_SYNC("The candidate is not a synchronous standby of Patroni.", ExitCode.REFUSED),
    CANDIDATE_DIVERGED("The candidate has WAL that the primary does not have.", ExitCode.REFUSED),
    CANDIDATE_SETTINGS("The candidate has lower settings than its WAL requires.", ExitCode.REFUSED),
    CANDIDATE_ARBITER("The candidate is an arbiter.", ExitCode.REFUSED),
    CANDIDATE_HIDDEN("The candidate is a hidden member.", ExitCode.REFUSED),
    CANDIDATE_DELAYED("The candidate is a delayed member.", ExitCode.REFUSED),
    CANDIDATE_LAG("The candidate is too far behind the primary.", ExitCode.REFUSED),
    CANDIDATE_BEHIND("Another member has later writes than the requested member.", ExitCode.REFUSED),
    CANDIDATE_COMPLETE("The candidate has every acknowledged commit."),
    CANDIDATE_FIT("The candidate can take over."),
    REPLAY_PAUSED("WAL replay is paused on the candidate.", ExitCode.REFUSED),
    PRIORITY("Another member has a higher priority and would take the role back.", ExitCode.REFUSED),

    // ---- a switchover that has begun
    OTHER_PROMOTED("A member other than the requested one has become primary.", ExitCode.REFUSED),
    HANDOVER_COMPLETE(
            "The old primary has stopped for a switchover, and a standby has received all WAL of the old primary."),
    HANDOVER_INCOMPLETE(
            "The old primary has stopped for a switchover, and no standby is known to have all WAL of the old primary."),
    HANDOVER_REVERTED("This run has stopped the primary and started it again as primary.", ExitCode.REFUSED),

    // ---- failover: repetition and loss
    FAILOVER_AGAIN("Another failover was done shortly before.", ExitCode.REFUSED),
    DATA_LOSS("The failover can lose acknowledged writes.", ExitCode.WOULD_LOSE_DATA),
    DATA_LOSS_ACCEPTED("The failover can lose acknowledged writes, and that was accepted."),
    ABANDONED_DATA("Only members that a forced failover has given up have data.", ExitCode.WOULD_LOSE_DATA),
    ABANDONED_DATA_ACCEPTED("Only members that a forced failover has given up have data, and the loss was accepted."),
    DIVERGED("The member has changes that the primary does not have.", ExitCode.WOULD_LOSE_DATA),
    NOTHING_TO_KEEP("The requested member has no change that the primary does not have.", ExitCode.REFUSED),

    // ---- rejoin
    HOST_SILENT("The member's host does not answer.", ExitCode.UNREACHABLE),
    DIRECTORY_UNREAD("The member's host does not report the contents of its directory.", ExitCode.UNREACHABLE),
    PROCESS_SILENT("The member's process exists and does not answer.", ExitCode.UNREACHABLE),
    FOREIGN_DIRECTORY("The member's directory is missing or contains other files.", ExitCode.REFUSED),
    OTHER_CLUSTER("The member has the data of another cluster.", ExitCode.REFUSED),
    NOT_COMPARED("The member does not run, so that its data cannot be compared with the primary's.", ExitCode.REFUSED),
    COMPARISON_FAILED("The member's oplog and the primary's could not be compared.", ExitCode.UNREACHABLE),
    NOT_COMPARABLE(
            "The member cannot start with its data, so its data cannot be compared with the primary's.",
            ExitCode.WOULD_LOSE_DATA),
    ROWS_NOT_KEPT("The rows that only the member has could not be written to files.", ExitCode.REFUSED),
    ROWS_NOT_KEPT_ACCEPTED("The rows that only the member has could not be written to files, and that was overridden."),
    REWIND_UNFINISHED("A rewind of the member has begun and has not ended."),
    REWIND_NEEDED("The member has WAL that the primary does not have; the WAL is kept, and the member is rewound."),
    REWIND_IMPOSSIBLE(
            "The member has other WAL on the primary's own timeline, or Patroni has not rewound it; the member is copied again."),
    NO_DATABASE("The member has no database."),
    NO_DIVERGENCE("The member has no WAL that the primary does not have."),
    UNUSABLE_DATA("The member's data cannot be used; the member is copied again."),
    FENCED("The member is fenced."),
    LEFT_OUT("The member is not in the replica set configuration."),
    PROCESS_GONE("The member's process has exited."),
    NOT_REPLICATING("The member does not replicate the primary's latest term."),
    CONFIGURATION_DIFFERS("The member's entry in the replica set configuration differs from the declared one."),
    ROLLED_BACK_DOCUMENTS("A rollback on the member has left files with the removed documents."),
    REJOINED("The member replicates from the primary as declared."),

    // ---- what commits do after a failover
    PROTECTION_NOT_DECLARED("Commits wait for no standby, as declared."),
    PROTECTION_COMPLETE("As many synchronous standbys follow as commits wait for."),
    DURABILITY_AVAILABLE(
            "Commits do not wait for the missing standbys (durability: available). The run ends with exit 5."),
    AFTER_FAILOVER_SERVE(
            "Commits do not wait for the missing standbys (afterFailover: serve). The run ends with exit 5."),
    AFTER_FAILOVER_WAIT("Commits wait for the missing standbys (afterFailover: wait). The run ends with exit 5."),

    // ---- the end of an upgrade
    CLUSTER_MISSING("The cluster does not exist.", ExitCode.REFUSED),
    SERVER_SILENT("A server of the cluster, or its host, does not answer.", ExitCode.UNREACHABLE),
    MEMBERS_UNHEALTHY("A server does not run, or a member of a replica set is not healthy.", ExitCode.REFUSED),
    MEMBER_UNDECLARED("The cluster has a member or shard that is not declared.", ExitCode.REFUSED),
    VERSIONS_MIXED("The servers do not all run the declared program.", ExitCode.REFUSED),
    UPGRADE_FINISHED("Every member has the feature compatibility version of its program."),
    UPGRADE_READY("Every server runs the same program, and the feature compatibility version can be raised."),

    // ---- restore
    TARGET_NOT_COVERED("The repository cannot restore the recovery target.", ExitCode.REFUSED),
    TARGET_HOST_SILENT("A host of the restored servers does not answer.", ExitCode.UNREACHABLE),
    OTHER_RESTORE("The directories belong to another restore.", ExitCode.REFUSED),
    DIRECTORY_OCCUPIED("The directories contain other files.", ExitCode.REFUSED),
    PORT_TAKEN("Another process uses a port of the restored servers.", ExitCode.REFUSED),
    NO_SPACE("The disk space is too small for the restored data.", ExitCode.REFUSED),
    RESTORE_AGAIN("The same recovery target was restored and verified already."),
    UNREAD("Not every file of the repository could be read before a restore in place.", ExitCode.UNREACHABLE),
    RESTORE_POSSIBLE("The recovery target can be restored.");

    /** The codes that {@code --override} takes: each leaves out the row that refuses with it. */
    public static final Set<DecisionCode> OVERRIDES = Collections.unmodifiableSet(EnumSet.of(
            MAINTENANCE,
            FENCED_BY_HAND,
            OTHERS_SILENT,
            PRIMARY_REACHED,
            PRIMARY_RECOVERING,
            CANDIDATE_LAG,
            REPLAY_PAUSED,
            PRIORITY,
            FAILOVER_AGAIN,
            ROWS_NOT_KEPT,
            RESTORE_AGAIN,
            UNREAD));

    private final String meaning;
    private final List<ExitCode> exits;

    DecisionCode(String meaning, ExitCode... exits) {
        this.meaning = meaning;
        this.exits = List.of(exits);
    }

    /** Returns the code as users meet it, for example {@code candidate-lag}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String meaning() {
        return meaning;
    }

    /** Returns the exit codes of a refusal with this code; empty when the code never refuses. */
    public List<ExitCode> exits() {
        return exits;
    }

    @Override
    public String toString() {
        return word();
    }
}
