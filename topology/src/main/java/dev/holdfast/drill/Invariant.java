package dev.holdfast.drill;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.SqlFragment;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.model.Node;
import dev.holdfast.plan.ClientEndpoint;
import dev.holdfast.plan.Workload.Stream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A statement about a user's own data after a drill: a query to the final primary, and the correct answer.
 *
 * @param claim the statement in a sentence
 * @param cluster the cluster to query
 * @param database the database of a MongoDB command
 * @param words SQL whose first column of the first row is the answer, or the text of a command document
 * @param command the command as a document; empty for SQL
 * @param field where the reply contains the answer, e.g. {@code n} or {@code cursor.firstBatch.0.sum}; empty for SQL
 * @param expect the correct answer as text
 */
public record Invariant(
        String claim,
        String cluster,
        String database,
        String words,
        Map<String, Object> command,
        String field,
        String expect) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Queries the primary, and records query and answer. */
    public void ask(DrillContext drillContext, EstateState state) {
        Optional<ActionResult> answer = drillContext.workload().streams().stream()
                .filter(s -> s.cluster().equals(cluster))
                .findFirst()
                .flatMap(s -> action(s, state))
                .map(drillContext.context()::ask);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("note", "query to " + cluster + ": " + claim);
        facts.put("invariant", claim);
        facts.put("cluster", cluster);
        facts.put("asked", words);
        facts.put("expect", expect);
        facts.put("answered", answer.filter(ActionResult::isOk).isPresent());
        facts.put(
                "answer", answer.map(a -> a.isOk() ? value(a) : a.sentence()).orElse("there was no primary to query"));
        drillContext.ledger().note(Kind.NOTED, facts);
    }

    private Optional<Action> action(Stream stream, EstateState state) {
        if (stream.endpoint() instanceof ClientEndpoint.Mongo mongo) {
            Optional<Node> target = mongo.shard().isEmpty()
                    ? state.primary(stream.cluster(), stream.group())
                    : mongo.seeds().stream().findFirst();
            Script script = Script.of("mongodb/invariant.json").with("command", command);
            return target.map(
                    n -> new Action.RunMongoCommand(n, mongo.login(), database, script, Access.LOOK, PATIENCE));
        }
        ClientEndpoint.Postgres postgres = (ClientEndpoint.Postgres) stream.endpoint();
        Script script = Script.of("postgres/invariant.sql").with("statement", new SqlFragment(words));
        // a failed query leaves the transaction aborted: a session that can change data is not used again
        return state.primary(stream.cluster(), stream.group())
                .map(n -> new Action.RunSql(n, postgres.login(), postgres.database(), script, Access.CHANGE, PATIENCE));
    }

    private String value(ActionResult answer) {
        if (field.isEmpty()) {
            return answer.row().isEmpty()
                    ? "no row"
                    : String.valueOf(answer.row().values().iterator().next());
        }
        Object at = answer.row();
        for (String step : field.split("\\.")) {
            at = at instanceof Map<?, ?> map
                    ? map.get(step)
                    : at instanceof List<?> list && step.matches("[0-9]{1,6}") && Integer.parseInt(step) < list.size()
                            ? list.get(Integer.parseInt(step))
                            : null;
        }
        return String.valueOf(at);
    }
}
