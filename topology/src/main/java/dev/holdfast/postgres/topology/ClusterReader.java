package dev.holdfast.postgres.topology;

import dev.holdfast.config.ClusterConfig;
import dev.holdfast.config.ConfigCursor;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous;
import dev.holdfast.postgres.topology.PostgresCluster.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads a PostgreSQL cluster from the topology file. */
public final class ClusterReader {

    private static final int SERVER_PORT = 5432;
    private static final int WRITE_PORT = 5000;
    private static final int READ_PORT = 5001;
    private static final int REPOSITORY_PORT = 8432;
    private static final int POOLED_PORT = 6432;

    private final ClusterConfig clusterConfig;
    private final ConfigCursor keys;

    private ClusterReader(ClusterConfig clusterConfig) {
        this.clusterConfig = clusterConfig;
        this.keys = clusterConfig.keys();
    }

    public static PostgresCluster read(ClusterConfig clusterConfig) {
        return new ClusterReader(clusterConfig).read();
    }

    private PostgresCluster read() {
        List<Member> members = members();
        long waitedFor = members.stream()
                .skip(1)
                .filter(m -> m.role() == MemberRole.SYNC)
                .count();
        PostgresCluster cluster = new PostgresCluster(
                clusterConfig.name(),
                clusterConfig.objectives(),
                durability(waitedFor),
                afterFailover(),
                members,
                synchronous(waitedFor),
                proxies(),
                repositoryServers(members),
                keys.at("database").text(clusterConfig.name().replace('-', '_')),
                SettingsReader.texts(keys.at("settings"), ClusterRules.OWNED),
                users(),
                keys.at("binaries").text(""),
                new DeclaredVersion(keys.at("version").text("")),
                options(members));
        ClusterRules.check(cluster, keys);
        AutomaticRules.check(cluster, keys);
        return cluster;
    }

    private ClusterOptions options(List<Member> members) {
        BackupReader backups = new BackupReader(clusterConfig);
        return new ClusterOptions(
                backups.repository(),
                backups.policy(),
                keys.at("clients").isList() ? Optional.of(clusterConfig.words("clients")) : Optional.empty(),
                clusterConfig.words("schema"),
                new AutomaticReader(clusterConfig).read(members));
    }

    /** Returns an empty list when the primary cannot be read; then no further rule is checked. */
    private List<Member> members() {
        List<Member> members = new ArrayList<>();
        clusterConfig
                .host(keys.at("primary"))
                .ifPresent(h -> members.add(new Member(server(h, keys.at("primary")), MemberRole.SYNC)));
        if (!members.isEmpty()) {
            members.addAll(followers(keys.at("standbys"), MemberRole.SYNC));
            members.addAll(followers(keys.at("dr"), MemberRole.DR));
        }
        return members;
    }

    private List<Member> followers(ConfigCursor followers, MemberRole usual) {
        List<Member> found = new ArrayList<>();
        for (ConfigCursor follower : followers.isList() ? followers.items() : followers.entries()) {
            Optional<Host> host = followers.isList()
                    ? clusterConfig.host(follower)
                    : Optional.ofNullable(clusterConfig.hosts().get(follower.name()));
            String mode = follower.isMap() ? follower.at("mode").text("") : followers.isList() ? "" : follower.text("");
            MemberRole role = usual == MemberRole.SYNC && mode.equals("async") ? MemberRole.ASYNC : usual;
            host.ifPresent(h -> found.add(new Member(server(h, follower), role)));
        }
        return found;
    }

    private Node server(Host host, ConfigCursor keys) {
        return clusterConfig.allocate(PostgresCluster.SERVERS, Node.Kind.POSTGRES, host, keys, SERVER_PORT);
    }

    private List<Proxy> proxies() {
        List<Proxy> proxies = new ArrayList<>();
        for (ConfigCursor proxy : keys.at("proxy").items()) {
            clusterConfig
                    .host(proxy)
                    .ifPresent(host -> proxies.add(isPooler(proxy) ? pooler(host, proxy) : haproxy(host, proxy)));
        }
        return proxies;
    }

    /** Returns the pgBackRest servers where the repository is on a separate host: one there and one on every member's host. */
    private List<Node> repositoryServers(List<Member> members) {
        ConfigCursor repository = keys.at("backup").at("repository");
        Optional<Host> owner = repository.isMap() ? clusterConfig.host(repository) : Optional.empty();
        if (owner.isEmpty()) {
            return List.of();
        }
        Set<Host> hosts = new LinkedHashSet<>(Set.of(owner.get()));
        members.forEach(m -> hosts.add(m.node().host()));
        if (hosts.size() == 1) {
            return List.of();
        }
        return hosts.stream()
                .map(h -> clusterConfig.allocate(
                        PostgresCluster.REPOSITORY, Node.Kind.PGBACKREST, h, repository, REPOSITORY_PORT))
                .toList();
    }

    private static boolean isPooler(ConfigCursor proxy) {
        return proxy.isMap() && proxy.at("kind").text("").equals("pgbouncer");
    }

    private Proxy haproxy(Host host, ConfigCursor proxy) {
        Node node = clusterConfig.allocate(PostgresCluster.PROXIES, Node.Kind.HAPROXY, host, proxy, WRITE_PORT);
        return new Proxy(node, clusterConfig.port(node, proxy.at("readPort"), READ_PORT));
    }

    private Proxy pooler(Host host, ConfigCursor proxy) {
        ClusterRules.checkPooler(proxy);
        return new Proxy(
                clusterConfig.allocate(PostgresCluster.PROXIES, Node.Kind.PGBOUNCER, host, proxy, POOLED_PORT), 0);
    }

    private Durability durability(long waitedFor) {
        String word = keys.at("durability").text("").toUpperCase(Locale.ROOT);
        for (Durability durability : Durability.values()) {
            if (durability.name().equals(word)) {
                return durability;
            }
        }
        boolean lossless =
                clusterConfig.objectives().rpo().filter(Duration::isZero).isPresent();
        return waitedFor == 0 ? Durability.FAST : lossless ? Durability.PROTECT : Durability.AVAILABLE;
    }

    private AfterFailover afterFailover() {
        return keys.at("afterFailover").text("").equals("serve") ? AfterFailover.SERVE : AfterFailover.WAIT;
    }

    private Synchronous synchronous(long waitedFor) {
        String text = keys.at("synchronous").text("FIRST 1");
        boolean any = text.startsWith("ANY ");
        String count = text.substring(text.indexOf(' ') + 1);
        boolean isNumber =
                !count.isEmpty() && count.length() < 3 && count.chars().allMatch(c -> c >= '0' && c <= '9');
        int desired = isNumber ? Integer.parseInt(count) : 1;
        return new Synchronous(
                any ? Synchronous.Method.ANY : Synchronous.Method.FIRST,
                keys.at("synchronous").isPresent() ? desired : (int) Math.min(1, waitedFor));
    }

    private List<User> users() {
        List<User> users = new ArrayList<>();
        for (ConfigCursor user : keys.at("users").entries()) {
            List<String> roles = new ArrayList<>();
            user.at("roles").items().forEach(r -> roles.add(r.text("")));
            users.add(new User(user.name(), clusterConfig.secret(user.at("password"), "users/" + user.name()), roles));
        }
        return users;
    }
}
