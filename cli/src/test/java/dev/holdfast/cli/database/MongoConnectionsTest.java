package dev.holdfast.cli.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoTimeoutException;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Queries of servers that do not answer. */
@Tag("unit")
class MongoConnectionsTest {

    /** A frozen server accepts connections. Each query that ends closes the client that the others share. */
    @Test
    void queries_of_a_frozen_server_get_no_answer_also_when_several_run_at_once() throws IOException {
        SecretStore secrets = new SecretStore(Path.of("nowhere"), Map.of(), Map.of(), false);
        try (ServerSocket frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                MongoConnections connections = new MongoConnections(secrets)) {
            Node node = node(frozen.getLocalPort());
            List<CompletableFuture<ActionResult>> asked = new ArrayList<>();
            ExecutorService threads = Executors.newCachedThreadPool();
            for (int i = 0; i < 24; i++) {
                Action.RunDocumentCommand query = new Action.RunDocumentCommand(
                        node,
                        Credentials.ANONYMOUS,
                        "admin",
                        Script.of("mongodb/hello.json"),
                        Action.Access.LOOK,
                        Duration.ofMillis(200 + 40L * i));
                asked.add(CompletableFuture.supplyAsync(() -> connections.run(query, "{\"hello\":1}"), threads));
            }
            assertThat(asked).allSatisfy(a -> {
                ActionResult answer = a.join();
                assertThat(answer.isSilent()).isTrue();
                assertThat(answer.text()).doesNotContain("com.mongodb");
            });
            threads.shutdown();
        }
    }

    private static Node node(int port) {
        Host host = new Host("m1", "127.0.0.1", "", "", new HostAccess.Local(), "/nowhere");
        return new Node("notes", "notes", "m1", Node.Kind.MONGOD, host, port, "/nowhere/m1");
    }

    @Test
    void the_message_of_a_timeout_has_the_reason_of_the_server_and_no_class_name() {
        MongoTimeoutException stopping = new MongoTimeoutException("Timed out while waiting for a server that matches"
                + " ReadPreferenceServerSelector{readPreference=primary}. Client view of cluster state is {type=UNKNOWN,"
                + " servers=[{address=127.0.0.3:27017, type=UNKNOWN, state=CONNECTING,"
                + " exception={com.mongodb.MongoNodeIsRecoveringException: Command execution failed on MongoDB server with"
                + " error 91 (ShutdownInProgress): 'The server is in quiesce mode and will shut down' on server"
                + " 127.0.0.3:27017. The full response is {\"ok\": 0.0}}}]");
        assertThat(DriverMessage.of(stopping))
                .isEqualTo("the server did not answer in time: Command execution failed on MongoDB server with error 91"
                        + " (ShutdownInProgress): 'The server is in quiesce mode and will shut down' on server"
                        + " 127.0.0.3:27017");
        MongoTimeoutException refused = new MongoTimeoutException("Timed out while waiting for a server. Client view of"
                + " cluster state is {type=UNKNOWN, servers=[{address=127.0.0.3:27017,"
                + " exception={com.mongodb.MongoSocketOpenException: Exception opening socket}, caused by"
                + " {java.net.ConnectException: Connection refused}}]");
        assertThat(DriverMessage.of(refused)).isEqualTo("the server did not answer in time: Connection refused");
        assertThat(DriverMessage.of(new MongoTimeoutException("Timed out while waiting for a server")))
                .isEqualTo("the server did not answer in time");
    }
}
