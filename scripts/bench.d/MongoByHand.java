import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Manual changes of one member of a replica set with a MongoDB shell, without Holdfast: {@code PASSWORD ADDRESS WORD}.
 *
 * <ul>
 *   <li>{@code primary ADDRESS=NAME...}: prints the name of the primary with the highest term; nothing when there is none.
 *   <li>{@code force}: forces a configuration with only this member.
 *   <li>{@code votes OTHER}: removes the vote and the priority of another member.
 *   <li>{@code priority OTHER}: gives another member the highest priority.
 *   <li>{@code concern}: makes {@code w: 1} the default write concern.
 *   <li>{@code parameter}: changes a parameter of the running server.
 *   <li>{@code delete}: removes one document of bench.writes, the one with the lowest number.
 * </ul>
 *
 * Ends with 1 and the reason when the server refuses.
 */
public class MongoByHand {

    private static final int PORT = 27017;
    private static final int SECONDS = 2;

    public static void main(String[] args) {
        if (args[2].equals("primary")) {
            System.out.println(primary(args));
            System.exit(0);
        }
        try (MongoClient client = client(args[0], args[1])) {
            System.out.println(stage(client, args));
        } catch (RuntimeException refused) {
            System.out.println(refused.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private static String stage(MongoClient client, String[] args) {
        MongoDatabase admin = client.getDatabase("admin");
        return switch (args[2]) {
            case "force" -> force(admin, args[1]);
            case "votes" -> change(admin, args[3], new Document("votes", 0).append("priority", 0));
            case "priority" -> change(admin, args[3], new Document("priority", 10));
            case "concern" -> run(admin, new Document("setDefaultRWConcern", 1).append("defaultWriteConcern", new Document("w", 1)));
            case "parameter" -> run(admin, new Document("setParameter", 1).append("ttlMonitorSleepSecs", 61));
            case "delete" -> client.getDatabase("bench")
                    .getCollection("writes")
                    .findOneAndDelete(new Document(), new com.mongodb.client.model.FindOneAndDeleteOptions().sort(new Document("_id", 1)))
                    .toJson();
            default -> throw new IllegalArgumentException("no word: " + args[3]);
        };
    }

    private static String primary(String[] args) {
        return Arrays.stream(args)
                .skip(3)
                .parallel()
                .map(a -> a.split("="))
                .map(a -> Map.entry(electionId(args[0], a[0]), a[1]))
                .filter(e -> !e.getKey().isEmpty())
                .max(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .orElse("");
    }

    /** Empty unless it is primary. */
    private static String electionId(String password, String address) {
        try (MongoClient client = client(password, address)) {
            Document hello = client.getDatabase("admin").runCommand(new Document("hello", 1));
            return hello.getBoolean("isWritablePrimary") ? hello.getObjectId("electionId").toHexString() : "";
        } catch (RuntimeException silent) {
            return "";
        }
    }

    private static Document config(MongoDatabase admin) {
        return admin.runCommand(new Document("replSetGetConfig", 1)).get("config", Document.class);
    }

    private static String force(MongoDatabase admin, String address) {
        Document config = config(admin);
        List<Document> alone = new ArrayList<>(config.getList("members", Document.class));
        alone.removeIf(m -> !m.getString("host").equals(address + ":" + PORT));
        config.put("members", alone);
        config.put("version", config.getInteger("version") + 1);
        return run(admin, new Document("replSetReconfig", config).append("force", true));
    }

    private static String change(MongoDatabase admin, String other, Document values) {
        Document config = config(admin);
        config.getList("members", Document.class).stream()
                .filter(m -> m.getString("host").equals(other + ":" + PORT))
                .forEach(m -> m.putAll(values));
        config.put("version", config.getInteger("version") + 1);
        return run(admin, new Document("replSetReconfig", config).append("maxTimeMS", SECONDS * 1000));
    }

    private static String run(MongoDatabase admin, Document command) {
        return "ok " + admin.runCommand(command).get("ok");
    }

    private static MongoClient client(String password, String address) {
        return MongoClients.create(MongoClientSettings.builder()
                .credential(MongoCredential.createCredential("holdfast", "admin", password.toCharArray()))
                .applyToClusterSettings(c -> c.hosts(List.of(new ServerAddress(address, PORT)))
                        .mode(com.mongodb.connection.ClusterConnectionMode.SINGLE)
                        .serverSelectionTimeout(SECONDS, TimeUnit.SECONDS))
                .applyToSocketSettings(s -> s.connectTimeout(2, TimeUnit.SECONDS).readTimeout(2 * SECONDS, TimeUnit.SECONDS))
                .build());
    }
}
