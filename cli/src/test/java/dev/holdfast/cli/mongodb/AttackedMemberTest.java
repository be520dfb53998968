package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoSecurityException;
import dev.holdfast.cli.Intruder;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real member of a set is attacked by local users of its host and from the network; each attempt is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class AttackedMemberTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: attacked
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
            clusters:
              shop:
                engine: mongodb
                replicaSet: [ a1 ]
                users:
                  app: { roles: [ readWrite@shop ] }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
            """;

    private static final String HELLO = "{hello: 1, $db: 'admin'}";

    private RealEstate estate;
    private Path member;
    private String address;

    @BeforeAll
    void a_member_runs() throws IOException {
        estate = RealEstate.ofText(TOPOLOGY);
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        address = estate.address(1);
        try (Stream<Path> all = Files.walk(estate.folder().resolve("d"))) {
            member = all.filter(p -> p.endsWith("holdfast.node"))
                    .map(Path::getParent)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @AfterEach
    void it_serves_as_before() throws IOException {
        try (RawWire wire = new RawWire(address, 27017)) {
            assertThat(wire.ask(HELLO).getBoolean("isWritablePrimary").getValue())
                    .isTrue();
        }
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        estate.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "postgres"})
    void a_local_user_reads_and_changes_nothing(String user) throws Exception {
        Intruder intruder = new Intruder(user);
        intruder.assumed();
        Path secrets = estate.folder().resolve("home/attacked/secrets");
        assertThat(secrets.resolve("shop.keyfile")).isRegularFile();
        for (String attempt : List.of(
                "cat %s/keyfile",
                "cat %s/mongod.conf",
                "cat %s/run/pid",
                "cat %s/log/mongod.log",
                "ls %s",
                "ls %s/data",
                "cat %s/data/WiredTiger",
                "test -e %s/run/mongodb-27017.sock",
                "ln -s /etc/passwd %s/data/link",
                "ln -s /etc/passwd %s/log/mongod.log.out",
                "ln -s /etc/passwd %s/run/pid.new",
                "ln -s /etc/passwd %s/keyfile.new",
                "ln -s /etc/passwd %s/mongod.conf.check",
                "echo 1 >%s/run/pid",
                "echo x >>%s/mongod.conf",
                "touch %s/holdfast.fenced",
                "mv %s/data %s/data2",
                "mv %s %s.moved")) {
            String command = attempt.replace("%s", member.toString());
            assertThat(intruder.tries(command)).as(command).isNotZero();
        }
        for (String attempt : List.of("ls %s", "cat %s/shop.keyfile", "cat %s/shop.admin", "touch %s/shop.users.x")) {
            String command = attempt.replace("%s", secrets.toString());
            assertThat(intruder.tries(command)).as(command).isNotZero();
        }
        assertThat(intruder.tries("kill -TERM " + pid())).isNotZero();
        assertThat(intruder.tries("test -e " + estate.topology()))
                .as("it can reach the folder")
                .isZero();
        estate.settled();
    }

    @Test
    void the_directory_belongs_to_holdfast_and_its_parts_to_the_server_and_none_is_open_to_others() throws IOException {
        assertThat(mode(member)).isEqualTo(ServersUser.isAnother() ? "rwx--x--x" : "rwx------");
        assertThat(Files.getOwner(member).getName()).isEqualTo(System.getProperty("user.name"));
        for (String part : List.of("keyfile", "mongod.conf", "data", "log", "run")) {
            assertThat(mode(member.resolve(part))).as(part).endsWith("------");
            assertThat(Files.getOwner(member.resolve(part)).getName()).as(part).isEqualTo(ServersUser.ofMongo());
        }
        assertThat(Files.getOwner(Path.of("/proc/" + pid())).getName()).isEqualTo(ServersUser.ofMongo());
    }

    /** The server's own user was taken over: it can damage its server, and gets nothing from root. */
    @Test
    void the_servers_user_cannot_make_root_follow_a_link() throws Exception {
        Intruder.MONGODB.assumed();
        for (String attempt : List.of(
                "touch %s/holdfast.fenced",
                "touch %s/.killed.user",
                "ln -s /etc/passwd %s/keyfile.new",
                "echo x >>%s/holdfast.node",
                "rm %s/mongod.conf",
                "mv %s/data %s/data2",
                "ls %s",
                "cat " + estate.folder().resolve("home/attacked/secrets/shop.admin"))) {
            String command = attempt.replace("%s", member.toString());
            assertThat(Intruder.MONGODB.tries(command)).as(command).isNotZero();
        }
        Path trap = Files.writeString(estate.folder().resolve("trap"), "of root");
        Path made = estate.folder().resolve("made");
        for (String file : List.of(
                "run/lock",
                "run/pid.new",
                "run/copying",
                "run/copying.pid",
                "run/copy-guard",
                "run/again.user",
                "run/logged",
                "log/mongod.log.out")) {
            Path place = member.resolve(file);
            for (String command :
                    List.of("rm -f " + place, "ln -s " + (file.hashCode() % 2 == 0 ? trap : made) + " " + place)) {
                assertThat(Intruder.MONGODB.tries(command)).as(command).isZero();
            }
        }
        long former = pid();
        String before = estate.text();
        estate.rewrite(before.replace("settings:", "settings:\n      net.maxIncomingConnections: 4000"));
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        assertThat(pid()).as("it was restarted").isNotEqualTo(former);
        estate.settled();
        assertThat(trap).hasContent("of root");
        assertThat(Files.getOwner(trap).getName()).isEqualTo("root");
        assertThat(made).doesNotExist();
        assertThat(Files.getOwner(Path.of("/proc/" + pid())).getName()).isEqualTo("mongodb");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private long pid() throws IOException {
        return Long.parseLong(Files.readString(member.resolve("run/pid")).strip());
    }

    @Test
    void a_client_that_does_not_log_in_learns_and_changes_nothing() {
        try (Client stranger = Client.unauthenticated(address + ":27017")) {
            for (String command : List.of(
                    "{listDatabases: 1}",
                    "{createUser: 'x', pwd: 'x', roles: ['root']}",
                    "{usersInfo: 1}",
                    "{getParameter: '*'}",
                    "{getCmdLineOpts: 1}",
                    "{getLog: 'global'}",
                    "{hostInfo: 1}",
                    "{serverStatus: 1}",
                    "{setParameter: 1, logLevel: 5}",
                    "{replSetGetStatus: 1}",
                    "{replSetGetConfig: 1}",
                    "{replSetReconfig: {_id: 'shop', version: 100, members: []}, force: true}",
                    "{replSetStepDown: 1, force: true}",
                    "{fsync: 1, lock: true}",
                    "{shutdown: 1, force: true}")) {
                assertThat(stranger.refusal(command)).as(command).isEqualTo(13);
            }
        }
    }

    private void isRefused(MongoCredential credential, int code) {
        assertThatThrownBy(() -> {
                    try (Client client = Client.as(address + ":27017", credential)) {
                        client.admin("{connectionStatus: 1}");
                    }
                })
                .as(credential.toString())
                .isInstanceOfSatisfying(
                        MongoSecurityException.class,
                        t -> assertThat(t.getCause())
                                .isInstanceOfSatisfying(
                                        MongoCommandException.class,
                                        c -> assertThat(c.getErrorCode()).isEqualTo(code)));
    }

    @Test
    void nothing_but_the_password_logs_in() throws IOException {
        char[] password = estate.secret("shop.admin").toCharArray();
        char[] wrong = "wrong".toCharArray();
        try (Client right = Client.as(
                address + ":27017", MongoCredential.createScramSha256Credential("holdfast", "admin", password))) {
            assertThat(right.admin("{ping: 1}").getDouble("ok")).isEqualTo(1);
        }
        int failed = 18;
        isRefused(MongoCredential.createScramSha256Credential("holdfast", "admin", wrong), failed);
        isRefused(MongoCredential.createScramSha256Credential("app", "admin", wrong), failed);
        isRefused(MongoCredential.createScramSha256Credential("__system", "local", wrong), failed);
        isRefused(MongoCredential.createScramSha1Credential("__system", "local", wrong), failed);
        int unavailable = 334; // the user has no login by this mechanism, whatever the password
        isRefused(MongoCredential.createScramSha1Credential("holdfast", "admin", wrong), unavailable);
        isRefused(MongoCredential.createScramSha1Credential("holdfast", "admin", password), unavailable);
    }

    @Test
    void a_client_that_asks_for_zlib_does_not_get_it() throws IOException {
        String hello = "{hello: 1, compression: ['zlib', 'snappy'], $db: 'admin'}";
        try (RawWire wire = new RawWire(address, 27017)) {
            RawBsonDocument reply = wire.ask(hello);
            assertThat(reply.getArray("compression").getValues().toString())
                    .contains("snappy")
                    .doesNotContain("zlib");
        }
        try (RawWire wire = new RawWire(address, 27017)) {
            assertThat(wire.ask("{hello: 1, compression: ['zlib'], $db: 'admin'}"))
                    .doesNotContainKey("compression");
        }
    }

    /** CVE-2025-14847: a message claims to be longer than it is, and the reply names what lay behind it in memory. */
    @Test
    void a_zlib_message_before_the_login_gets_no_answer() throws IOException {
        byte[] body = RawWire.body(HELLO);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(compressed)) {
            zlib.write(body);
        }
        for (int size : new int[] {body.length, body.length + 500, 1 << 16}) {
            try (RawWire wire = new RawWire(address, 27017)) {
                assertThat(wire.askCompressed(RawWire.ZLIB, size, compressed.toByteArray()))
                        .as("bytes for a message that claims %s", size)
                        .isZero();
            }
        }
        try (RawWire wire = new RawWire(address, 27017)) {
            assertThat(wire.askCompressed(RawWire.SNAPPY, body.length, snappy(body)))
                    .as("a compression that is on gets an answer")
                    .isPositive();
        }
        assertThat(new String(body, StandardCharsets.ISO_8859_1)).contains("hello");
    }

    /** The simplest form of snappy: the length, and all bytes as one literal. */
    private static byte[] snappy(byte[] bytes) {
        assertThat(bytes.length).as("one literal with a short tag").isLessThanOrEqualTo(60);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes.length);
        out.write((bytes.length - 1) << 2);
        out.writeBytes(bytes);
        return out.toByteArray();
    }
}
