package dev.holdfast.mongodb.state;

import static dev.holdfast.mongodb.action.ServerQueries.ask;
import static dev.holdfast.mongodb.action.ServerQueries.greet;
import static dev.holdfast.mongodb.action.ServerQueries.reply;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.topology.MongoCredentials;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.List;
import java.util.Map;

/**
 * What one server said when it was asked.
 *
 * @param hello what it tells anybody; empty when it does not answer
 * @param options what it was started with; replication.oplogSizeMB is the size that its oplog has
 * @param login as whom it let us in; nobody when it did not
 * @param unready the code that replSetGetStatus was refused with; empty when it was answered
 * @param committed whether a majority has its configuration, as a primary knows it
 * @param message why it does not answer, or does not let us in
 */
public record ServerReply(
        MongoDocument hello,
        Credentials login,
        MongoDocument options,
        MongoDocument status,
        String unready,
        MongoDocument config,
        boolean committed,
        MongoDocument parameters,
        String version,
        String message) {

    public static ServerReply nothing(String why) {
        return greeting(MongoDocument.EMPTY, why);
    }

    private static ServerReply greeting(MongoDocument hello, String message) {
        return new ServerReply(
                hello,
                Credentials.ANONYMOUS,
                MongoDocument.EMPTY,
                MongoDocument.EMPTY,
                "",
                MongoDocument.EMPTY,
                false,
                MongoDocument.EMPTY,
                "",
                message);
    }

    /** Asks as the administrator, as a member while there is no administrator, and as nobody when neither is let in. */
    public static ServerReply from(
            ExecutionContext context, MongoCredentials logins, Node node, List<String> parameters) {
        String message = "";
        // a router knows no members: their account is in the database 'local', which it does not serve
        boolean router = node.kind() == Node.Kind.MONGOS;
        for (Credentials login : router ? List.of(logins.admin()) : List.of(logins.admin(), logins.member())) {
            ActionResult hello = greet(context, node, login);
            if (hello.isSilent()) {
                return nothing(hello.text());
            }
            MongoDocument reply = MongoDocument.of(hello.row());
            if (reply.is("arbiterOnly")) {
                return greeting(reply, "arbiters let nobody in");
            }
            if (hello.isOk()) {
                return interview(context, node, login, reply, parameters);
            }
            message = hello.sentence();
        }
        return greeting(
                MongoDocument.of(greet(context, node, Credentials.ANONYMOUS).row()), message);
    }

    private static ServerReply interview(
            ExecutionContext context, Node node, Credentials login, MongoDocument hello, List<String> parameters) {
        MongoDocument options = reply(context, node, login, "options.json").doc("parsed");
        if (node.kind() == Node.Kind.MONGOD) {
            options = withOplog(options, context, node, login);
        }
        String version = reply(context, node, login, "version.json").text("version");
        if (node.kind() == Node.Kind.MONGOS) {
            return new ServerReply(
                    hello,
                    login,
                    options,
                    MongoDocument.EMPTY,
                    "",
                    MongoDocument.EMPTY,
                    false,
                    MongoDocument.EMPTY,
                    version,
                    "");
        }
        boolean primary = hello.is("isWritablePrimary");
        ActionResult status = ask(context, node, login, "status.json");
        MongoDocument config = hello.has("setName")
                ? reply(context, node, login, primary ? "config-committed.json" : "config.json")
                : MongoDocument.EMPTY;
        MongoDocument values = parameters.isEmpty() ? MongoDocument.EMPTY : values(context, node, login, parameters);
        boolean leftOut = status.isRefused(ServerQueries.NOT_A_MEMBER);
        return new ServerReply(
                hello,
                login,
                options,
                leftOut ? lastOperation(context, node, login) : MongoDocument.of(status.row()),
                status.code(),
                leftOut ? storedConfig(context, node, login) : config.doc("config"),
                config.is("commitmentStatus"),
                values,
                version,
                "");
    }

    /** The configuration that leaves a member out is in its data, and it answers no question for it. */
    private static MongoDocument storedConfig(ExecutionContext context, Node node, Credentials login) {
        return ServerQueries.find(context, node, login, "local", "stored-config.json").stream()
                .findFirst()
                .orElse(MongoDocument.EMPTY);
    }

    /** A member that the configuration leaves out has no status; its oplog says how far it is. */
    private static MongoDocument lastOperation(ExecutionContext context, Node node, Credentials login) {
        return ServerQueries.find(context, node, login, "local", "oplog-last.json").stream()
                .findFirst()
                .map(last -> new MongoDocument(Map.of("optimes", Map.of("appliedOpTime", last.fields()))))
                .orElse(MongoDocument.EMPTY);
    }

    /** An oplog keeps its size whatever option the server is started with, so its real size takes the option's place. */
    private static MongoDocument withOplog(
            MongoDocument options, ExecutionContext context, Node node, Credentials login) {
        List<MongoDocument> found = ServerQueries.find(context, node, login, "local", "oplog-size.json");
        if (found.isEmpty() || options.isEmpty()) {
            return options;
        }
        Map<String, Object> all = new java.util.LinkedHashMap<>(options.fields());
        Map<String, Object> replication =
                new java.util.LinkedHashMap<>(options.doc("replication").fields());
        replication.put("oplogSizeMB", found.get(0).doc("options").number("size") >> 20);
        all.put("replication", replication);
        return new MongoDocument(all);
    }

    private static MongoDocument values(
            ExecutionContext context, Node node, Credentials login, List<String> parameters) {
        Map<String, Object> names = new java.util.LinkedHashMap<>();
        parameters.forEach(p -> names.put(p, 1));
        Script script = Script.of("mongodb/parameters.json").with("names", names);
        return MongoDocument.of(ask(context, node, login, "admin", script).row());
    }
}
