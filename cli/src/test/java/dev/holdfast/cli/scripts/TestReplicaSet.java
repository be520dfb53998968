package dev.holdfast.cli.scripts;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.holdfast.cli.Patience;
import dev.holdfast.model.Node;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/** A replica set of {@link TestServers}: it initiates the set and finds the primary. */
final class TestReplicaSet {

    private TestReplicaSet() {}

    static void initiate(String name, List<Node> nodes) {
        List<Document> members = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            members.add(new Document("_id", i).append("host", nodes.get(i).endpoint()));
        }
        Document config = new Document("_id", name)
                .append("members", members)
                .append("settings", new Document("electionTimeoutMillis", 2000).append("heartbeatIntervalMillis", 500));
        run(nodes.get(0), new Document("replSetInitiate", config));
        whole(nodes);
    }

    static Node primary(List<Node> nodes) {
        return primaryOtherThan(null, nodes);
    }

    static Node primaryOtherThan(Node not, List<Node> nodes) {
        List<Node> found = new ArrayList<>();
        Patience.until("one member is primary, and not " + not, () -> {
            found.clear();
            nodes.stream()
                    .filter(n -> !n.equals(not) && hello(n).getBoolean("isWritablePrimary", false))
                    .forEach(found::add);
            return found.size() == 1;
        });
        return found.get(0);
    }

    static void whole(List<Node> nodes) {
        Patience.until(
                "all members are primary or secondary",
                () -> nodes.stream()
                                .allMatch(n -> hello(n).getBoolean("isWritablePrimary", false)
                                        || hello(n).getBoolean("secondary", false))
                        && nodes.stream().anyMatch(n -> hello(n).getBoolean("isWritablePrimary", false)));
    }

    private static Document hello(Node node) {
        try {
            return run(node, new Document("hello", 1));
        } catch (MongoException silent) {
            return new Document();
        }
    }

    static Document run(Node node, Document command) {
        try (MongoClient client = MongoClients.create("mongodb://" + node.endpoint()
                + "/?directConnection=true&serverSelectionTimeoutMS=1500&connectTimeoutMS=1000&socketTimeoutMS=1500")) {
            return client.getDatabase("admin").runCommand(command);
        }
    }
}
