package dev.holdfast.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.live.LiveExecutionContext;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Aliases, jump hosts and agents of the operator's SSH client configuration, with real SSH servers and agents. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class SshClientConfigTest {

    private static final Duration SOON = Duration.ofSeconds(300);
    private static final String PASSPHRASE = "correct horse";

    private LoopbackServers servers;
    private Path agent;
    private Path emptyAgent;

    @BeforeAll
    void four_servers_and_two_agents() throws Exception {
        servers = new LoopbackServers();
        servers.newKey("locked", PASSPHRASE);
        servers.newKey("rsa", PASSPHRASE, "-t rsa -b 2048");
        servers.newKey("stranger", "");
        servers.start("front", List.of("id", "locked"));
        servers.start("middle", List.of("id", "locked"));
        servers.start("db", List.of("id", "locked", "rsa"));
        servers.start("closed", List.of("id", "locked"), "AllowTcpForwarding no");
        agent = servers.agent("agent", PASSPHRASE, "locked", "rsa");
        emptyAgent = servers.agent("emptyAgent", "");
    }

    @AfterAll
    void nothing_is_left() throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    /** Lines of a configuration for one alias, which leads to a server. */
    private String alias(String alias, String server, String... lines) {
        return "Host " + alias + "\n  HostName " + servers.address(server) + "\n  Port " + servers.port(server) + "\n  "
                + String.join("\n  ", lines) + "\n";
    }

    private String all(String... lines) {
        return "Host *\n  UserKnownHostsFile " + servers.file("known") + "\n  " + String.join("\n  ", lines) + "\n";
    }

    private String withKey() {
        return all("IdentityFile " + servers.file("id"), "IdentityAgent none");
    }

    private Host host(String name, String config) throws IOException {
        Path file = Files.createTempFile(servers.folder(), "config", "");
        Files.writeString(file, config);
        return host(name, new HostAccess.Ssh("", 0, "", "", "", file.toString(), false));
    }

    private Host host(String name, HostAccess.Ssh reach) {
        return new Host(name, name, "", "", reach, servers.folder().toString());
    }

    private LiveExecutionContext context(Path socket) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.remove("SSH_AUTH_SOCK");
        if (socket != null) {
            environment.put("SSH_AUTH_SOCK", socket.toString());
        }
        SecretStore secrets = new SecretStore(servers.file("secrets"), Map.of(), environment, true);
        return new LiveExecutionContext(secrets, environment, true, 8);
    }

    private static ActionResult echo(LiveExecutionContext context, Host host) {
        return context.ask(new Action.RunScript(
                host, Script.of("host/test-echo.sh").with("words", "hello"), Action.Access.LOOK, SOON));
    }

    private void answers(Path socket, Host host) {
        try (LiveExecutionContext context = context(socket)) {
            assertThat(echo(context, host).text()).isEqualTo("hello\n");
        }
    }

    private String silent(Path socket, Host host) {
        try (LiveExecutionContext context = context(socket)) {
            ActionResult answer = echo(context, host);
            assertThat(answer.isSilent()).as(answer.toString()).isTrue();
            return answer.text();
        }
    }

    @Test
    void an_alias_gives_host_name_port_and_key() throws IOException {
        answers(null, host("db-alias", alias("db-alias", "db") + withKey()));
    }

    @Test
    void the_topology_can_name_the_alias_apart_from_the_address() throws IOException {
        Path file = servers.file("apart");
        Files.writeString(file, alias("db-alias", "db") + withKey());
        answers(null, host("10.255.255.1", new HostAccess.Ssh("", 0, "", "", "db-alias", file.toString(), false)));
    }

    @Test
    void values_of_the_topology_have_precedence() throws IOException {
        Path file = servers.file("precedence");
        Files.writeString(file, alias("db", "db", "User nobody-here", "Port 1") + withKey());
        String user = System.getProperty("user.name");
        answers(null, host("db", new HostAccess.Ssh(user, servers.port("db"), "", "", "", file.toString(), false)));
    }

    @Test
    void two_jump_hosts_lead_to_two_hosts_over_one_connection_each() throws IOException {
        String config = alias("one", "db", "ProxyJump middle-host")
                + alias("two", "db", "ProxyJump middle-host")
                + alias("middle-host", "middle", "ProxyJump front-host")
                + alias("front-host", "front")
                + withKey();
        long front = servers.logins("front");
        long middle = servers.logins("middle");
        long db = servers.logins("db");
        try (LiveExecutionContext context = context(null)) {
            assertThat(echo(context, host("one", config)).text()).isEqualTo("hello\n");
            Path file = servers.file("second");
            Files.writeString(file, config);
            Host two = host("two", new HostAccess.Ssh("", 0, "", "", "", file.toString(), false));
            assertThat(echo(context, two).text()).isEqualTo("hello\n");
        }
        assertThat(servers.logins("front") - front).isEqualTo(1);
        assertThat(servers.logins("middle") - middle).isEqualTo(1);
        assertThat(servers.logins("db") - db).isEqualTo(2);
    }

    @Test
    void a_list_of_jump_hosts_is_followed_in_its_order() throws IOException {
        long front = servers.logins("front");
        String jumps = "ProxyJump " + servers.address("front") + ":" + servers.port("front") + ",middle-host";
        answers(null, host("db", alias("db", "db", jumps) + alias("middle-host", "middle") + withKey()));
        assertThat(servers.logins("front") - front).isEqualTo(1);
    }

    @Test
    void a_key_with_a_passphrase_is_used_through_the_agent() throws IOException {
        Path file = servers.file("declared");
        Files.writeString(file, alias("db", "db") + all());
        String key = servers.file("locked").toString();
        Host host = host("db", new HostAccess.Ssh("", 0, key, "", "", file.toString(), false));
        answers(agent, host);
        assertThat(silent(null, host))
                .contains("the key file " + key + " has a passphrase")
                .contains("ssh-add " + key);
    }

    @Test
    void an_rsa_key_of_the_agent_signs_with_sha_2_also_through_jump_hosts() throws IOException {
        String config = alias("db", "db", "IdentitiesOnly yes", "IdentityFile " + servers.file("rsa.pub"))
                + all("IdentityFile none");
        answers(agent, host("db", config));
        assertThat(silent(emptyAgent, host("db", config)))
                .contains(
                        servers.file("rsa.pub") + " is a public key, and the SSH agent does not hold its private key");
        answers(agent, host("db", alias("db", "db", "ProxyJump front-host") + alias("front-host", "front") + all()));
    }

    @Test
    void an_agent_without_keys_and_a_missing_agent_are_distinguished() throws Exception {
        Host host = host("db", alias("db", "db") + all("IdentityFile " + servers.file("absent")));
        assertThat(silent(emptyAgent, host))
                .contains("there is no key to log in with")
                .contains("the SSH agent has no keys (ssh-add -l)");
        assertThat(silent(null, host)).contains("there is no SSH agent (SSH_AUTH_SOCK is not set)");
        Path gone = servers.file("gone");
        assertThat(silent(gone, host)).contains("the SSH agent at " + gone + " does not answer");
    }

    @Test
    void an_agent_that_does_not_answer_costs_its_limit() throws Exception {
        Path frozen = servers.agent("frozenAgent", "");
        servers.freeze("frozenAgent");
        long began = System.nanoTime();
        String why = silent(frozen, host("db", alias("db", "db") + all("IdentityFile " + servers.file("absent"))));
        assertThat(why).contains("does not answer: no answer within 5 s");
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(60));
        servers.thaw("frozenAgent");
    }

    @Test
    void a_key_that_is_not_accepted_is_named() throws IOException {
        String config = alias("db", "db") + all("IdentityFile " + servers.file("stranger"));
        assertThat(silent(emptyAgent, host("db", config)))
                .contains("none of these keys is accepted for user " + System.getProperty("user.name") + ": "
                        + servers.file("stranger"))
                .contains("not offered: the SSH agent has no keys");
    }

    @Test
    void an_unknown_and_a_changed_key_of_a_jump_host_are_distinguished() throws IOException {
        Path known = servers.file("partly-known");
        String jump = "[" + servers.address("front") + "]:" + servers.port("front");
        String config = alias("db", "db", "ProxyJump front-host")
                + alias("front-host", "front", "UserKnownHostsFile " + known)
                + withKey();
        Files.writeString(known, "");
        String unknown = silent(null, host("db", config));
        assertThat(unknown)
                .contains("jump host front-host (" + servers.address("front"))
                .contains("is not in " + known);
        String other = Files.readString(servers.file("middle.host.pub"));
        Files.writeString(known, jump + " " + other);
        assertThat(silent(null, host("db", config)))
                .contains("jump host front-host")
                .contains("the host key has CHANGED");
    }

    @Test
    void a_host_key_alias_names_the_known_host() throws IOException {
        servers.know("the-db", "db");
        Path only = servers.file("only-alias");
        String line = Files.readAllLines(servers.file("known")).stream()
                .filter(l -> l.startsWith("the-db "))
                .findFirst()
                .orElseThrow();
        Files.writeString(only, line + "\n");
        String file = "UserKnownHostsFile " + only;
        answers(null, host("db", alias("db", "db", "HostKeyAlias the-db", file) + withKey()));
        assertThat(silent(null, host("db", alias("db", "db", file) + withKey())))
                .contains("is not in " + only);
    }

    @Test
    void a_jump_host_that_is_not_there_or_refuses_is_named() throws IOException {
        String jump = "ProxyJump " + servers.address("front") + ":1";
        assertThat(silent(null, host("db", alias("db", "db", jump) + withKey())))
                .contains("db (" + servers.address("db"))
                .contains("jump host " + servers.address("front") + " port 1: no SSH server listens there");
        String closed = alias("db", "db", "ProxyJump closed-host") + alias("closed-host", "closed") + withKey();
        assertThat(silent(null, host("db", closed)))
                .contains("jump host closed-host")
                .contains("does not permit the connection (AllowTcpForwarding");
        String nothing = "Host db\n  HostName " + servers.address("db") + "\n  Port 1\n  ProxyJump front-host\n"
                + alias("front-host", "front") + withKey();
        assertThat(silent(null, host("db", nothing)))
                .contains("jump host front-host")
                .contains("cannot connect to the host");
    }

    @Test
    void a_frozen_host_behind_a_jump_host_costs_its_limit() throws Exception {
        servers.start("icy", List.of("id"));
        servers.freeze("icy");
        long began = System.nanoTime();
        String why = silent(
                null,
                host("icy", alias("icy", "icy", "ProxyJump front-host") + alias("front-host", "front") + withKey()));
        assertThat(why).contains("no answer of the SSH server within 6 s, through jump host front-host");
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(60));
        servers.thaw("icy");
    }

    @Test
    void a_lost_connection_to_a_jump_host_is_opened_again() throws Exception {
        servers.start("fragile", List.of("id"));
        Host db =
                host("db", alias("db", "db", "ProxyJump fragile-host") + alias("fragile-host", "fragile") + withKey());
        try (LiveExecutionContext context = context(null)) {
            assertThat(echo(context, db).isOk()).isTrue();
            servers.cutConnections("fragile");
            dev.holdfast.cli.Patience.until(
                    "the host answers again", () -> echo(context, db).isOk());
        }
        assertThat(servers.logins("fragile")).isEqualTo(2);
    }

    @Test
    void a_configuration_that_cannot_be_used_is_explained() throws IOException {
        assertThat(silent(null, host("db", alias("db", "db", "ProxyCommand nc %h %p") + withKey())))
                .contains("sets ProxyCommand (nc %h %p)")
                .contains("ProxyJump");
        assertThat(silent(null, host("db", "Host db\n  Foo bar\n")))
                .contains("ssh -G cannot evaluate the SSH client configuration")
                .contains("line 2");
        assertThat(silent(null, host("db", "Host *\n  ProxyJump front-host\n"))).contains("loop via front-host");
        String circle = "Host db a\n  ProxyJump b\nHost b\n  ProxyJump a\n";
        assertThat(silent(null, host("db", circle))).contains("more than 8 jump hosts");
    }
}
