package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Command;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.List;

/** The questions that are asked of MongoDB servers; none changes anything. */
final class MongoProbes {

    static final Duration SOON = Duration.ofSeconds(5);
    /** Logging in costs the asking side a tenth of a second of computing, which many servers at once make seconds. */
    private static final Duration LOGIN = Duration.ofSeconds(10);

    static final String NOT_LOGGED_IN = "18";
    static final String NOT_ALLOWED = "13";
    static final String NOT_INITIATED = "94";
    static final String NOT_A_MEMBER = "93";

    private MongoProbes() {}

    static Answer ask(World world, Node node, Login login, String file) {
        return ask(world, node, login, "admin", Script.of("mongodb/" + file));
    }

    static Answer ask(World world, Node node, Login login, String database, Script script) {
        return world.ask(new Command(node, login, database, script, Intent.LOOK, SOON));
    }

    /** The first question to a server, which opens the connection and logs in. */
    static Answer greet(World world, Node node, Login login) {
        return world.ask(new Command(node, login, "admin", Script.of("mongodb/hello.json"), Intent.LOOK, LOGIN));
    }

    /** The reply, or an empty document when it is refused or silent. */
    static Doc reply(World world, Node node, Login login, String file) {
        return Doc.of(ask(world, node, login, file).row());
    }

    static List<Doc> find(World world, Node node, Login login, String database, String file) {
        return Doc.of(ask(world, node, login, database, Script.of("mongodb/" + file))
                        .row())
                .batch();
    }

    /** What any node tells anybody. */
    static Action hello(Node node) {
        return new Command(node, Login.NOBODY, "admin", Script.of("mongodb/hello.json"), Intent.LOOK, SOON);
    }

    /** Asks all nodes at once what they tell anybody; empty documents for those that do not answer. */
    static List<Doc> hellos(World world, List<Node> nodes) {
        return world.askAll(nodes.stream().map(MongoProbes::hello).toList()).stream()
                .map(a -> Doc.of(a.row()))
                .toList();
    }
}
