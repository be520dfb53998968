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
import java.util.Arrays;

/** The shape of a drill file. */
public final class DrillSchema {

    private static final ConfigSchema LINE = text(TextFormat.LINE);

    private DrillSchema() {}

    public static ConfigSchema.ObjectOf whole() {
        return keys(
                must("apiVersion", words("holdfast.dev/v1"), "The version of this file's form."),
                must("drill", text(TextFormat.NAME), "The drill's name, as it is typed."),
                must("story", LINE, "What happens, as a DBA would tell it, in one line."),
                must(
                        "target",
                        LINE,
                        "cluster/group, cluster (its first data group), or estate for every data group of every cluster."),
                key("gates", gates(), "What must be so before anything is broken, beyond what every drill asks for."),
                key("abort", abort(), "When the drill is broken off, mended and healed."),
                key("workload", workload(), "How clients write."),
                key("faults", listOf(fault()), "What is broken; without any the role is handed over."),
                must(
                        "recovery",
                        new ConfigSchema.Choice(Arrays.stream(RecoveryMode.values())
                                .map(RecoveryMode::word)
                                .toList()),
                        "Who brings the service back: the database itself, Holdfast by failover, automatic (each cluster its own way), or mend (nobody can before)."),
                key(
                        "acceptDataLoss",
                        ConfigSchema.FLAG,
                        "Whether a failover may lose acknowledged writes: to see how many it does; false when not given."),
                key("hold", SPAN, "How long the faults stay, at least; 1s when not given."),
                key(
                        "claims",
                        listOf(LINE),
                        "What is judged afterwards; what fits every drill when not given. drill list names them all."),
                key("invariants", listOf(invariant()), "What must be true of your own data afterwards."),
                key("untested", listOf(LINE), "What this drill does not show: the report says it."));
    }

    private static ConfigSchema.ObjectOf gates() {
        return keys(
                key("lag", SPAN, "How far a copy may be behind its primary; 10s when not given."),
                key(
                        "disk",
                        SIZE,
                        "How much must be free on every host under the estate's folder; 1 GB when not given."),
                key(
                        "backup",
                        SPAN,
                        "How old the newest backup may be; outside a lab 8d when not given, in a lab none is asked for."));
    }

    private static ConfigSchema.ObjectOf abort() {
        return keys(key(
                "othersSilent",
                SPAN,
                "How long clients that are to feel nothing may go without an acknowledgement; 30s when not given."));
    }

    private static ConfigSchema.ObjectOf workload() {
        return keys(
                key("rate", new ConfigSchema.Int(1, 100_000), "Writes per second and stream."),
                key(
                        "writes",
                        listOf(write()),
                        "Your own writes, one with every numbered write of a cluster's first stream."));
    }

    private static ConfigSchema.ObjectOf write() {
        return keys(
                must("cluster", LINE, "Whom to write to."),
                key("sql", LINE, "PostgreSQL: a statement with :id and :run, committed together with its number."),
                key("database", LINE, "MongoDB: where the command is said."),
                key("command", LINE, "MongoDB: a command as JSON with \"$id\" and \"$run\", said before its number."));
    }

    private static ConfigSchema.ObjectOf fault() {
        return keys(
                must("fault", LINE, "Its name; drill list names them all."),
                must(
                        "strikes",
                        LINE,
                        "primary, host-of-primary, standby, majority, every-member, router, config-majority, zone; or a host or a server by name."),
                key("from", LINE, "For the fault of a link: whom they are kept apart from, in the same words."),
                key("at", SPAN, "How long after the first one; 0s when not given."),
                key("for", SPAN, "When it is mended by itself; with all others when not given."));
    }

    private static ConfigSchema.ObjectOf invariant() {
        return keys(
                must("claim", LINE, "What must be true, in a sentence."),
                must("cluster", LINE, "Whose final primary is asked."),
                key("sql", LINE, "PostgreSQL: a query; its first column of the first row is the answer."),
                key("database", LINE, "MongoDB: where the command is said."),
                key("command", LINE, "MongoDB: a command as JSON."),
                key("field", LINE, "MongoDB: where the answer stands in the reply; n when not given."),
                must("expect", LINE, "The answer that is right."));
    }
}
