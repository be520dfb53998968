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
 * The replies of one mongod or mongos to the queries of a probe.
 *
 * @param hello the reply to hello, which needs no login; empty if it does not answer
 * @param options the options of its start; replication.oplogSizeMB is the real size of its oplog
 * @param login the credentials that it accepted; anonymous if none
 * @param unready the error code of replSetGetStatus; empty if that succeeded
 * @param committed whether a majority has its configuration, as the primary reports
 * @param message the reason why it does not answer or refuses the login, or which secret a better login lacks
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

    private static final String COMPATIBILITY = "featureCompatibilityVersion";

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

    /** Asks as the administrator, as an internal user before the administrator exists, and anonymously if both logins fail. */
    public static ServerReply from(
            ExecutionContext context, MongoCredentials credentials, Node node, List<String> parameters) {
        String message = "";
        String lacking = "";
        // a router has no internal user: that user is in the database 'local', which a router does not serve
        boolean router = node.kind() == Node.Kind.MONGOS;
        for (Credentials login :
                router ? List.of(credentials.admin()) : List.of(credentials.admin(), credentials.member())) {
            ActionResult hello = greet(context, node, login);
            if (hello.isSilent()) {
                return nothing(hello.text());
            }
            MongoDocument reply = MongoDocument.of(hello.row());
            if (reply.is("arbiterOnly")) {
                return greeting(reply, "arbiters accept no login");
            }
            if (hello.isOk()) {
                return queryAll(context, node, login, reply, parameters, lacking);
            }
            lacking = hello.isRefused(ActionResult.NO_SECRET) ? hello.text() : lacking;
            message = hello.sentence();
        }
        return greeting(
                MongoDocument.of(greet(context, node, Credentials.ANONYMOUS).row()), message);
    }

    private static ServerReply queryAll(
            ExecutionContext context,
            Node node,
            Credentials login,
            MongoDocument hello,
            List<String> parameters,
            String message) {
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
                    message);
        }
        boolean primary = hello.is("isWritablePrimary");
        ActionResult status = ask(context, node, login, "status.json");
        MongoDocument config = hello.has("setName")
                ? reply(context, node, login, primary ? "config-committed.json" : "config.json")
                : MongoDocument.EMPTY;
        MongoDocument values = values(context, node, login, parameters);
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
                message);
    }

    /** Returns the feature compatibility version: version, and targetVersion during a change; empty if it was not read. */
    public MongoDocument compatibility() {
        return parameters.doc(COMPATIBILITY).doc("value");
    }

    /** Returns the feature compatibility version, during a change as {@code 8.0->8.2}; empty if it was not read. */
    public String compatibilityText() {
        String target = compatibility().text("targetVersion");
        return compatibility().text("version") + (target.isEmpty() ? "" : "->" + target);
    }

    /** Reads the stored configuration of a member that is left out; such a member refuses replSetGetConfig. */
    private static MongoDocument storedConfig(ExecutionContext context, Node node, Credentials login) {
        return ServerQueries.find(context, node, login, "local", "stored-config.json").stream()
                .findFirst()
                .orElse(MongoDocument.EMPTY);
    }

    /** Reads the last operation from the oplog of a member that is left out; such a member has no status. */
    private static MongoDocument lastOperation(ExecutionContext context, Node node, Credentials login) {
        return ServerQueries.find(context, node, login, "local", "oplog-last.json").stream()
                .findFirst()
                .map(last -> new MongoDocument(Map.of("optimes", Map.of("appliedOpTime", last.fields()))))
                .orElse(MongoDocument.EMPTY);
    }

    /** Replaces the option by the real size of the oplog, because an existing oplog ignores the option. */
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
        names.put(COMPATIBILITY, 1);
        parameters.forEach(p -> names.put(p, 1));
        Script script = Script.of("mongodb/parameters.json").with("names", names);
        return MongoDocument.of(ask(context, node, login, "admin", script).row());
    }
}
