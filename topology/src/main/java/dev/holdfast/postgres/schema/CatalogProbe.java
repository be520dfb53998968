package dev.holdfast.postgres.schema;

import static dev.holdfast.postgres.value.SqlQuoting.names;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.SqlFragment;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.schema.CatalogState.Column;
import dev.holdfast.postgres.schema.CatalogState.Part;
import dev.holdfast.postgres.schema.CatalogState.Table;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.value.SqlQuoting;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Index;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A probe of the primary's catalog: schemas, tables, columns, constraints, indexes, and duplicates that block constraints. */
final class CatalogProbe {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration SEARCH = Duration.ofMinutes(10);
    private static final int SHOWN = 10;
    /** Until provisioning has created the database, its catalog is empty. */
    private static final String NO_DATABASE = "3D000";

    private final PostgresCluster cluster;
    private final Dictionary dictionary;

    CatalogProbe(PostgresCluster cluster, Dictionary dictionary) {
        this.cluster = cluster;
        this.dictionary = dictionary;
    }

    CatalogState at(ExecutionContext context) {
        List<Node> servers = cluster.servers();
        List<ActionResult> answers = context.askAll(servers.stream()
                .<Action>map(n -> look(n, Script.of("postgres/schema-role.sql"), SOON))
                .toList());
        List<NodeStatus> nodes = new ArrayList<>();
        Optional<Node> primary = Optional.empty();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            ActionResult answer = answers.get(i);
            boolean leads = Boolean.FALSE.equals(answer.row().get("standby"));
            String role = leads ? "primary" : answer.isOk() ? "standby" : "";
            nodes.add(new NodeStatus(
                    servers.get(i), isThere(answer) ? NodeAvailability.UP : NodeAvailability.SILENT, role, Map.of()));
            if (leads && primary.isPresent()) {
                return unreachable(
                        context,
                        nodes,
                        "two servers report that they are primary: "
                                + primary.get().id() + ", " + servers.get(i).id());
            }
            if (leads) {
                primary = Optional.of(servers.get(i));
            } else if (!answer.isOk()) {
                lines.add(servers.get(i).id() + ": " + answer.withoutHint());
            }
        }
        if (primary.isEmpty()) {
            return unreachable(context, nodes, "no primary answers; " + String.join("; ", lines));
        }
        return state(context, nodes, primary.get());
    }

    /** Returns whether a server with the database gave this answer; a refused login is also an answer. */
    private static boolean isThere(ActionResult answer) {
        return answer.isOk() || answer.isRefused() && !answer.isRefused(NO_DATABASE);
    }

    private static CatalogState unreachable(ExecutionContext context, List<NodeStatus> nodes, String why) {
        return new CatalogState(
                context.now(), nodes, Optional.empty(), Set.of(), Map.of(), List.of(), Set.of(), false, List.of(why));
    }

    private CatalogState state(ExecutionContext context, List<NodeStatus> nodes, Node primary) {
        ActionResult answer = context.ask(look(primary, catalogue(""), DEADLINE));
        if (!answer.isOk()) {
            return unreachable(context, nodes, primary.id() + ": " + answer.sentence());
        }
        Map<String, Table> all = tables(answer);
        Map<String, Table> ours = new LinkedHashMap<>();
        boolean postgis = rows(answer, "extension").anyMatch(r -> r.get("name").equals("postgis"));
        for (Entity entity : dictionary.entities()) {
            Table table = all.remove(entity.id());
            if (table != null) {
                ours.put(entity.id(), withDuplicates(context, primary, entity, table));
            }
        }
        return new CatalogState(
                context.now(),
                nodes,
                Optional.of(primary),
                rows(answer, "schema").map(r -> r.get("schema").toString()).collect(Collectors.toSet()),
                ours,
                List.copyOf(all.keySet()),
                rows(answer, "grant")
                        .filter(r -> Boolean.TRUE.equals(r.get("flag")))
                        .map(r -> r.get("schema") + "/" + r.get("name"))
                        .collect(Collectors.toCollection(HashSet::new)),
                postgis,
                List.of());
    }

    private Script catalogue(String tables) {
        return Script.of("postgres/schema-look.sql")
                .with("schemas", String.join(",", dictionary.domains()))
                .with("tables", tables)
                .with(
                        "users",
                        cluster.users().stream().map(PostgresCluster.User::name).collect(Collectors.joining(",")));
    }

    /** Queries only some tables, for the condition of a step; returns the existing ones by the ids of their entities. */
    Map<String, Table> some(ExecutionContext context, Node primary, List<Entity> entities) {
        String names = entities.stream().map(Entity::name).distinct().collect(Collectors.joining(","));
        return tables(context.ask(look(primary, catalogue(names), DEADLINE)));
    }

    private static Map<String, Table> tables(ActionResult answer) {
        Map<String, Table> tables = new TreeMap<>();
        rows(answer, "table").forEach(r -> tables.put(id(r), table(r)));
        rows(answer, "column")
                .forEach(r -> tables.get(id(r))
                        .columns()
                        .put(
                                description(r, "name"),
                                new Column(description(r, "definition"), flag(r), description(r, "more"))));
        rows(answer, "constraint").forEach(r -> tables.get(id(r)).constraints().put(description(r, "name"), part(r)));
        rows(answer, "index").forEach(r -> tables.get(id(r)).indexes().put(description(r, "name"), part(r)));
        rows(answer, "user")
                .forEach(r -> tables.get(id(r))
                        .users()
                        .computeIfAbsent(description(r, "name"), c -> new ArrayList<>())
                        .add(description(r, "definition")));
        rows(answer, "partition").forEach(r -> tables.get(id(r)).partitions().add(description(r, "definition")));
        return tables;
    }

    private static Table table(Map<String, Object> row) {
        return new Table(
                description(row, "definition"),
                flag(row),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                Map.of(),
                new TreeMap<>(),
                new ArrayList<>());
    }

    private static Part part(Map<String, Object> row) {
        return new Part(description(row, "definition"), flag(row), description(row, "more"));
    }

    private static String id(Map<String, Object> row) {
        return row.get("schema") + "." + row.get("table");
    }

    private static String description(Map<String, Object> row, String column) {
        return row.get(column).toString();
    }

    private static boolean flag(Map<String, Object> row) {
        return Boolean.TRUE.equals(row.get("flag"));
    }

    private static java.util.stream.Stream<Map<String, Object>> rows(ActionResult answer, String kind) {
        return answer.rows().stream().filter(r -> kind.equals(r.get("kind")));
    }

    private Table withDuplicates(ExecutionContext context, Node primary, Entity entity, Table table) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (Index index : entity.uniques().toList()) {
            boolean there = table.constraints().containsKey(index.name())
                    || table.indexes().containsKey(index.name());
            boolean askable = table.columns().keySet().containsAll(index.fields())
                    && table.columns().keySet().containsAll(index.where().keySet());
            if (!there && !table.empty() && askable) {
                found.put(index.name(), duplicates(context, primary, entity, index));
            }
        }
        found.values().removeIf(List::isEmpty);
        return table.with(found);
    }

    private List<String> duplicates(ExecutionContext context, Node primary, Entity entity, Index index) {
        String where = index.fields().stream()
                .map(f -> SqlQuoting.name(f) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        String more = index.where().entrySet().stream()
                .map(w -> " AND " + SqlQuoting.name(w.getKey()) + " = "
                        + TypeMapping.value(
                                w.getValue(),
                                entity.field(w.getKey()).orElseThrow().type()))
                .collect(Collectors.joining());
        String folded = index.collation().filter(c -> c.strength() < 3).isPresent()
                ? index.fields().stream()
                        .map(f -> "lower(" + SqlQuoting.name(f) + "::text)")
                        .collect(Collectors.joining(", "))
                : names(index.fields());
        Script script = Script.of("postgres/schema-duplicates.sql")
                .with("schema", entity.domain())
                .with("table", entity.name())
                .with("columns", new SqlFragment(folded))
                .with("values", new SqlFragment("concat_ws(', ', " + folded + ")"))
                .with("where", new SqlFragment(where + more));
        ActionResult answer = context.ask(look(primary, script, SEARCH));
        if (!answer.isOk()) {
            return List.of("the search for duplicates failed: " + answer.sentence());
        }
        List<String> lines = new ArrayList<>();
        answer.rows()
                .forEach(r -> lines.add(
                        lines.size() < SHOWN ? "(" + r.get("value") + ") in " + r.get("rows") + " rows" : "and more"));
        return lines;
    }

    private Action look(Node node, Script script, Duration deadline) {
        return new Action.RunSql(node, login(), cluster.database(), script, Access.LOOK, deadline);
    }

    Credentials login() {
        return new Credentials(PostgresCluster.ADMIN, cluster.adminPassword(), "");
    }
}
