package dev.holdfast.mongodb.action;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunDocumentCommand;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Duration;
import java.util.List;

/** The read-only queries to MongoDB servers, with their deadlines and error codes. */
public final class ServerQueries {

    static final Duration SOON = Duration.ofSeconds(5);
    /** The deadline of a query that logs in: a login costs 100 ms of CPU here, so many servers at once need seconds. */
    private static final Duration LOGIN = Duration.ofSeconds(10);

    public static final String NOT_LOGGED_IN = "18";
    static final String NOT_ALLOWED = "13";
    public static final String NOT_INITIATED = "94";
    public static final String NOT_A_MEMBER = "93";

    private ServerQueries() {}

    public static ActionResult ask(ExecutionContext context, Node node, Credentials login, String file) {
        return ask(context, node, login, "admin", Script.of("mongodb/" + file));
    }

    public static ActionResult ask(
            ExecutionContext context, Node node, Credentials login, String database, Script script) {
        return context.ask(new RunDocumentCommand(node, login, database, script, Access.LOOK, SOON));
    }

    /** Returns the first query to a server, which opens the connection and logs in. */
    public static ActionResult greet(ExecutionContext context, Node node, Credentials login) {
        return context.ask(
                new RunDocumentCommand(node, login, "admin", Script.of("mongodb/hello.json"), Access.LOOK, LOGIN));
    }

    /** Returns the reply, or an empty document if the server refuses or does not answer. */
    public static MongoDocument reply(ExecutionContext context, Node node, Credentials login, String file) {
        return MongoDocument.of(ask(context, node, login, file).row());
    }

    /** Returns the feature compatibility version: version, and targetVersion during a change; empty if it cannot be read. */
    public static MongoDocument compatibility(ExecutionContext context, Node node, Credentials login) {
        return reply(context, node, login, "compatibility.json").doc("featureCompatibilityVersion");
    }

    /** Returns one user of the admin database with its roles and authentication restrictions; empty if it does not exist. */
    public static MongoDocument user(ExecutionContext context, Node node, Credentials login, String name) {
        Script script = Script.of("mongodb/user.json").with("user", name);
        return MongoDocument.of(ask(context, node, login, "admin", script).row()).docs("users").stream()
                .findFirst()
                .orElse(MongoDocument.EMPTY);
    }

    public static List<MongoDocument> find(
            ExecutionContext context, Node node, Credentials login, String database, String file) {
        return MongoDocument.of(ask(context, node, login, database, Script.of("mongodb/" + file))
                        .row())
                .batch();
    }

    /** Returns the query for hello, which needs no login. */
    public static Action hello(Node node) {
        return new RunDocumentCommand(
                node, Credentials.ANONYMOUS, "admin", Script.of("mongodb/hello.json"), Access.LOOK, SOON);
    }

    /** Asks all nodes in parallel for hello; the document of a node that does not answer is empty. */
    public static List<MongoDocument> hellos(ExecutionContext context, List<Node> nodes) {
        return context.askAll(nodes.stream().map(ServerQueries::hello).toList()).stream()
                .map(a -> MongoDocument.of(a.row()))
                .toList();
    }
}
