package dev.holdfast.drill.config;

import static dev.holdfast.config.ConfigSchema.SIZE;
import static dev.holdfast.config.ConfigSchema.SPAN;
import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.keys;
import static dev.holdfast.config.ConfigSchema.listOf;
import static dev.holdfast.config.ConfigSchema.must;
import static dev.holdfast.config.ConfigSchema.text;
import static dev.holdfast.config.ConfigSchema.words;

import dev.holdfast.config.ConfigSchema;
import dev.holdfast.config.TextFormat;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Engine.Statements;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The schema of a drill file. */
public final class DrillSchema {

    private static final ConfigSchema LINE = text(TextFormat.LINE);

    private DrillSchema() {}

    public static ConfigSchema.ObjectOf of(List<Engine> engines) {
        String sql = titles(engines, Statements.SQL);
        String command = titles(engines, Statements.COMMANDS);
        return keys(
                must("apiVersion", words("holdfast.dev/v1"), "The version of this file's format."),
                must("drill", text(TextFormat.NAME), "The drill's name, as it is typed."),
                must("description", LINE, "What happens, in one line and in a DBA's words."),
                must(
                        "target",
                        LINE,
                        "cluster/group, cluster (its first data group), or estate for every data group of every cluster."),
                key("gates", gates(), "Preconditions of the drill, in addition to those that every drill has."),
                key(
                        "abort",
                        abort(),
                        "When the drill ends early; faults are then reverted and the estate is repaired."),
                key("workload", workload(sql, command), "How clients write."),
                key("faults", listOf(fault()), "The faults to inject; without faults the primary role is moved."),
                must(
                        "recovery",
                        new ConfigSchema.Choice(Arrays.stream(RecoveryMode.values())
                                .map(RecoveryMode::word)
                                .toList()),
                        "What restores service: itself (the database), failover (Holdfast), automatic (each cluster in its own way), or revert (only the revert of the fault)."),
                key(
                        "acceptDataLoss",
                        ConfigSchema.FLAG,
                        "Whether a failover is allowed to lose acknowledged writes, to measure how many; default false."),
                key("hold", SPAN, "The least time that the faults stay active; default 1s."),
                key(
                        "claims",
                        listOf(LINE),
                        "The claims to judge afterwards; the default fits every drill. drill list shows all claims."),
                key("invariants", listOf(invariant(sql, command)), "What must hold for your own data afterwards."),
                key("untested", listOf(LINE), "What this drill does not show. The report contains this text."));
    }

    private static String titles(List<Engine> engines, Statements statements) {
        return engines.stream()
                .filter(e -> e.statements() == statements)
                .map(Engine::title)
                .collect(Collectors.joining(", "));
    }

    private static ConfigSchema.ObjectOf gates() {
        return keys(
                key("lag", SPAN, "The greatest allowed lag of a replica; default 10s."),
                key("disk", SIZE, "The least free space in the estate's directory on every host; default 1 GB."),
                key(
                        "backup",
                        SPAN,
                        "The greatest allowed age of the newest backup; default 8d, and no backup is needed in a lab."));
    }

    private static ConfigSchema.ObjectOf abort() {
        return keys(key(
                "othersSilent",
                SPAN,
                "How long clients outside the fault can be without an acknowledgement; default 30s."));
    }

    private static ConfigSchema.ObjectOf workload(String sql, String command) {
        return keys(
                key("rate", new ConfigSchema.Int(1, 100_000), "Writes per second and stream."),
                key(
                        "writes",
                        listOf(write(sql, command)),
                        "Your own writes, one with every numbered write of a cluster's first stream."));
    }

    private static ConfigSchema.ObjectOf write(String sql, String command) {
        return keys(
                must("cluster", LINE, "The cluster to write to."),
                key(
                        "sql",
                        LINE,
                        sql + ": a statement with :id and :run, committed in one transaction with the numbered write."),
                key("database", LINE, command + ": the database that runs the command."),
                key(
                        "command",
                        LINE,
                        command
                                + ": a command as JSON with \"$id\" and \"$run\", executed before the numbered write."));
    }

    private static ConfigSchema.ObjectOf fault() {
        return keys(
                must("fault", LINE, "The fault's name; drill list shows all faults."),
                must(
                        "target",
                        LINE,
                        "primary, host-of-primary, standby, majority, every-member, router, config-majority, zone; or a host or a server by name."),
                key("from", LINE, "For a fault of a link: the other end, in the same form as target."),
                key("at", SPAN, "The time after the first fault; default 0s."),
                key("for", SPAN, "The duration of this fault; by default it is reverted together with all others."));
    }

    private static ConfigSchema.ObjectOf invariant(String sql, String command) {
        return keys(
                must("claim", LINE, "What must hold, in one sentence."),
                must("cluster", LINE, "The cluster whose final primary is queried."),
                key("sql", LINE, sql + ": a query; its first column of the first row is the answer."),
                key("database", LINE, command + ": the database that runs the command."),
                key("command", LINE, command + ": a command as JSON."),
                key("field", LINE, command + ": the field of the reply with the answer; default n."),
                must("expect", LINE, "The correct answer."));
    }
}
