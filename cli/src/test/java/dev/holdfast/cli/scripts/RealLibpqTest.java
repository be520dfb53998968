package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.ServersUser;
import dev.holdfast.cli.exec.PosixShell;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that asks for a password in clear, for its MD5 or for none gets no login from a host, where libpq can refuse it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class RealLibpqTest {

    private static final String REFUSAL = "authentication method requirement \"scram-sha-256\" failed";
    /** The first version whose libpq knows require_auth. */
    private static final int REQUIRES_AUTH_SINCE = 16;

    @TempDir
    Path state;

    private TestServers servers;
    private Node impostor;
    private Path member;
    private Path binaries;
    private int major;

    @BeforeAll
    void a_server_and_a_member_without_data() throws IOException {
        servers = new TestServers();
        impostor = servers.postgres(1, "fsync = off");
        binaries = Path.of(TestServers.shell("ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1")
                .strip());
        major = Integer.parseInt(binaries.getParent().getFileName().toString());
        servers.psql(
                impostor,
                "SET password_encryption = md5; CREATE ROLE older LOGIN REPLICATION PASSWORD " + quoted("old"));
        servers.psql(impostor, "CREATE ROLE replicator LOGIN REPLICATION PASSWORD " + quoted("secret"));
        member = servers.folder().resolve("member");
        TestServers.shell("mkdir -p " + member + "/conf " + member + "/log " + member + "/run; cd " + member
                + "; printf '*:*:*:replicator:secret\n*:*:*:older:old\n' >conf/pgpass; chmod 600 conf/pgpass"
                + (ServersUser.isAnother() ? "; chown postgres: conf/pgpass log run" : ""));
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        servers.close();
    }

    /** A literal of SQL that also passes through the quotes of two shells. */
    private static String quoted(String text) {
        return "E'\"'\"'" + text + "'\"'\"'";
    }

    private void asks(String method) {
        String loaded = servers.psql(impostor, "SELECT pg_conf_load_time()");
        TestServers.shell("printf 'host %s all 127.0.0.0/8 %s\n' replication " + method + " all scram-sha-256 >"
                + impostor.data() + "/pg_hba.conf");
        servers.psql(impostor, "SELECT pg_reload_conf()");
        Patience.until(
                "it has read its file",
                () -> !servers.psql(impostor, "SELECT pg_conf_load_time()").equals(loaded));
    }

    private ActionResult clone(String user) throws Exception {
        ScriptRenderer words = new ScriptRenderer(new SecretStore(state, Map.of(), Map.of(), false));
        return PosixShell.DASH.run(words.shell(Script.of("postgres/clone.sh")
                .with("directory", member.toString())
                .with("binaries", binaries.toString())
                .with("address", impostor.host().address())
                .with("port", impostor.port())
                .with("replicator", user)
                .with("slot", "b1")
                .with("flush", "no")));
    }

    @ParameterizedTest
    @CsvSource({
        "password, replicator, server requested a cleartext password",
        "md5, older, server requested a hashed password",
        "trust, replicator, server did not complete authentication"
    })
    void a_copy_of_such_a_server_is_refused(String method, String user, String reason) throws Exception {
        asks(method);
        ActionResult cloned = clone(user);
        assertThat(cloned.isRefused()).as(cloned.toString()).isTrue();
        if (major >= REQUIRES_AUTH_SINCE) {
            assertThat(cloned.text()).contains(REFUSAL).contains(reason);
        } else { // as SECURITY.md says: an older libpq does not know the requirement
            assertThat(cloned.text()).contains("replication slot \"b1\" does not exist");
        }
        assertThat(member.resolve("data")).doesNotExist();
    }

    @Test
    void a_server_that_asks_by_scram_gets_the_login() throws Exception {
        asks("scram-sha-256");
        assertThat(clone("replicator").text()).contains("replication slot \"b1\" does not exist");
        servers.psql(impostor, "SELECT pg_create_physical_replication_slot(" + quoted("b1") + ")");
        ActionResult cloned = clone("replicator");
        assertThat(cloned.isOk()).as(cloned.toString()).isTrue();
        assertThat(TestServers.shell("cat " + member + "/data/PG_VERSION").strip())
                .isEqualTo(Integer.toString(major));
        servers.psql(impostor, "SELECT pg_drop_replication_slot(" + quoted("b1") + ")");
        TestServers.shell("rm -r " + member + "/data");
    }
}
