package dev.holdfast.mongodb;

import static dev.holdfast.mongodb.MongoProbes.ask;
import static dev.holdfast.mongodb.MongoProbes.greet;
import static dev.holdfast.mongodb.MongoProbes.reply;

import dev.holdfast.model.Node;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.util.List;

/**
 * What one server said when it was asked.
 *
 * @param hello what it tells anybody; empty when it does not answer
 * @param login as whom it let us in; nobody when it did not
 * @param unready the code that replSetGetStatus was refused with; empty when it was answered
 * @param committed whether a majority has its configuration, as a primary knows it
 * @param told why it does not answer, or does not let us in
 */
record Heard(
        Doc hello,
        Login login,
        Doc options,
        Doc status,
        String unready,
        Doc config,
        boolean committed,
        Doc parameters,
        String version,
        String told) {

    static Heard nothing(String why) {
        return greeting(Doc.EMPTY, why);
    }

    private static Heard greeting(Doc hello, String told) {
        return new Heard(hello, Login.NOBODY, Doc.EMPTY, Doc.EMPTY, "", Doc.EMPTY, false, Doc.EMPTY, "", told);
    }

    /** Asks as the administrator, as a member while there is no administrator, and as nobody when neither is let in. */
    static Heard from(World world, MongoLogins logins, Node node, List<String> parameters) {
        String told = "";
        // a router knows no members: their account is in the database 'local', which it does not serve
        boolean router = node.kind() == Node.Kind.MONGOS;
        for (Login login : router ? List.of(logins.admin()) : List.of(logins.admin(), logins.member())) {
            Answer hello = greet(world, node, login);
            if (hello.isSilent()) {
                return nothing(hello.text());
            }
            Doc said = Doc.of(hello.row());
            if (said.is("arbiterOnly")) {
                return greeting(said, "arbiters let nobody in");
            }
            if (hello.isOk()) {
                return interview(world, node, login, said, parameters);
            }
            told = hello.sentence();
        }
        return greeting(Doc.of(greet(world, node, Login.NOBODY).row()), told);
    }

    private static Heard interview(World world, Node node, Login login, Doc hello, List<String> parameters) {
        Doc options = reply(world, node, login, "options.json").doc("parsed");
        String version = reply(world, node, login, "version.json").text("version");
        if (node.kind() == Node.Kind.MONGOS) {
            return new Heard(hello, login, options, Doc.EMPTY, "", Doc.EMPTY, false, Doc.EMPTY, version, "");
        }
        boolean primary = hello.is("isWritablePrimary");
        Answer status = ask(world, node, login, "status.json");
        Doc config = hello.has("setName")
                ? reply(world, node, login, primary ? "config-committed.json" : "config.json")
                : Doc.EMPTY;
        Doc values = parameters.isEmpty() ? Doc.EMPTY : values(world, node, login, parameters);
        return new Heard(
                hello,
                login,
                options,
                Doc.of(status.row()),
                status.code(),
                config.doc("config"),
                config.is("commitmentStatus"),
                values,
                version,
                "");
    }

    private static Doc values(World world, Node node, Login login, List<String> parameters) {
        java.util.Map<String, Object> names = new java.util.LinkedHashMap<>();
        parameters.forEach(p -> names.put(p, 1));
        Script script = Script.of("mongodb/parameters.json").with("names", names);
        return Doc.of(ask(world, node, login, "admin", script).row());
    }
}
