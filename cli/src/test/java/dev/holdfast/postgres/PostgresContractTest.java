package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.live.LiveExecutionContext;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.provision.ConfigurationPlanner;
import dev.holdfast.postgres.provision.DestroyRunbook;
import dev.holdfast.postgres.provision.ProvisionRunbook;
import dev.holdfast.postgres.state.InstalledVersions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Durability;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous;
import dev.holdfast.postgres.topology.PostgresCluster.User;
import dev.holdfast.world.FakeWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Keeps the pretend servers honest: the same is done to them and to real ones, and at every stage both are asked the same;
 * whatever a planner reads, and so every plan, must be the same.
 */
class PostgresContractTest {

    private static final int REPLAY_LOOKS = 50;

    private final String network = "127." + ThreadLocalRandom.current().nextInt(16, 250) + "."
            + ThreadLocalRandom.current().nextInt(1, 250) + ".";
    private Path folder;
    private LiveExecutionContext real;
    private FakeWorld fake;
    private PostgresCluster cluster;
    private Topology topology;

    @BeforeEach
    void worlds() throws IOException {
        folder = Files.createTempDirectory("hf");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        real = new LiveExecutionContext(
                new SecretStore(folder.resolve("secrets"), Map.of(), System.getenv(), true), System.getenv(), true, 16);
        cluster = cluster();
        Map<String, Host> hosts = new LinkedHashMap<>();
        cluster.nodes().forEach(n -> hosts.put(n.host().name(), n.host()));
        topology = new Topology("contract", Environment.LAB, hosts, List.of(cluster), Map.of(), Map.of());
        FakePostgres postgres = new FakePostgres(cluster);
        String me = System.getProperty("user.name");
        postgres.user = me.equals("root") ? "postgres" : me;
        InstalledVersions host = look(real).members().get(0).host();
        postgres.programs.clear();
        host.programs()
                .keySet()
                .forEach(v -> postgres.programs.put(v, host.versions().get(v)));
        fake = new FakeWorld().with(postgres);
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        assertThat(run(real, DestroyRunbook.runbook(topology, cluster)).failures())
                .isEmpty();
        real.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private Node node(String group, Node.Kind kind, int host, int port) {
        String name = "h" + host;
        Host machine = new Host(name, network + host, "z", "r", new HostAccess.Local(), folder.toString());
        return new Node("c", group, name, kind, machine, port, folder + "/" + name + "/" + group);
    }

    private Member member(int host, MemberRole part) {
        return new Member(node("servers", Node.Kind.POSTGRES, host, 5432), part);
    }

    private PostgresCluster cluster() {
        return new PostgresCluster(
                "c",
                RecoveryObjectives.NONE,
                Durability.PROTECT,
                PostgresCluster.AfterFailover.WAIT,
                List.of(member(1, MemberRole.SYNC), member(2, MemberRole.SYNC), member(3, MemberRole.DR)),
                new Synchronous(Synchronous.Method.FIRST, 1),
                List.of(new Proxy(node("proxies", Node.Kind.HAPROXY, 1, 5000), 5001)),
                List.of(),
                "shop",
                Map.of("shared_buffers", "16MB", "work_mem", "4MB"),
                List.of(new User("clerk", new SecretRef("c/clerk"), List.of("pg_read_all_data"))),
                "",
                Map.of());
    }

    private static RunbookRunner.Outcome run(ExecutionContext world, Runbook<?> book) {
        return new RunbookRunner(world, (kind, facts) -> Map.of(), world.now().plus(Duration.ofMinutes(10)))
                .run(List.of(book))
                .get(0);
    }

    @Test
    void pretend_and_real_servers_tell_a_planner_the_same() {
        agree("before anything was made");
        both(world -> assertThat(
                        run(world, ProvisionRunbook.runbook(topology, cluster)).failures())
                .isEmpty());
        agree("when all is made");

        MemberActions typing = new MemberActions(topology, cluster);
        both(world -> {
            PostgresState seen = look(world);
            assertThat(world.ask(typing.stop(seen.members().get(1), seen.major()))
                            .isOk())
                    .isTrue();
        });
        agree("when a standby is stopped");

        both(world -> assertThat(world.ask(typing.role(cluster.servers().get(2), Map.of("work_mem", "9MB")))
                        .isOk())
                .isTrue());
        agree("when a role.conf was overwritten and not read");

        Node primary = cluster.servers().get(0);
        both(world -> {
            world.ask(typing.sql(primary, Script.of("postgres/create-slot.sql").with("slot", "orphan")));
            world.ask(typing.sql(
                    primary,
                    Script.of("postgres/revoke-role.sql")
                            .with("granted", "pg_read_all_data")
                            .with("role", "clerk")));
        });
        agree("when a slot was made and a membership revoked by hand");

        both(world -> assertThat(
                        run(world, ProvisionRunbook.runbook(topology, cluster)).failures())
                .isEmpty());
        agree("when all is mended");
    }

    private void both(java.util.function.Consumer<ExecutionContext> what) {
        what.accept(real);
        what.accept(fake);
    }

    private PostgresState look(ExecutionContext world) {
        return new ClusterProbe(topology, cluster).look(world, true);
    }

    /** A real standby replays a moment later what a pretend one has at once: it is looked at again until it has. */
    private void agree(String when) {
        List<String> pretended = told(fake);
        List<String> seen = told(real);
        for (int looks = 0; looks < REPLAY_LOOKS && !seen.equals(pretended); looks++) {
            real.pause(Duration.ofMillis(200));
            seen = told(real);
        }
        assertThat(seen).as(when).isEqualTo(pretended);
    }

    private List<String> told(ExecutionContext world) {
        PostgresState seen = look(world);
        List<String> told = new ArrayList<>();
        told.add("leader " + seen.leader().map(MemberState::name) + ", fresh " + seen.isFresh());
        seen.members().forEach(m -> told.addAll(member(seen, m)));
        seen.proxies()
                .forEach(p -> told.add(p.state() + " " + p.footing().ground() + " " + p.inputs() + " " + p.isEdited()
                        + p.isStale() + p.isSilent() + " writes " + p.writesGoTo() + " reads " + p.readsGoTo()));
        seen.logins().forEach((role, answer) -> told.add(role + " comes in: " + answer.isOk()));
        told.add("outdated " + seen.outdated());
        ProvisionRunbook.runbook(topology, cluster).plan(seen).forEach(p -> {
            p.plan().steps().forEach(s -> told.add(p.act() + ": " + s.title() + " because " + s.because()));
            told.addAll(p.plan().notes());
            p.plan().refusals().forEach(r -> told.add(r.toString()));
        });
        told.sort(Comparator.naturalOrder());
        return told;
    }

    private static List<String> member(PostgresState seen, MemberState m) {
        ServerState server = m.server();
        String name = m.name() + ": ";
        List<String> told = new ArrayList<>();
        told.add(name + m.state() + " " + m.footing().ground() + " port "
                + m.footing().portTaken() + " primary "
                + m.isPrimary() + " was " + m.wasPrimary() + " database " + m.hasDatabase() + " timeline "
                + m.timeline()
                + " major " + m.major());
        told.add(name + "follows " + seen.follows(m) + " ready " + seen.isReady(m) + " gone " + seen.isGone(m)
                + " diverged " + seen.diverged(m));
        told.add(name + m.disk().files());
        told.add(name + "user " + m.host().user());
        if (m.isUp()) {
            told.add(name + "unread " + ConfigurationPlanner.isUnread(m) + " pending " + server.pendingRestart()
                    + " command line " + server.onCommandLine() + " config " + server.configFile());
            told.add(name + "names " + server.synchronousNames() + " in sync " + SynchronousStandbyNames.inSync(server)
                    + " altered " + server.altered() + " wrong " + server.wrong());
            told.add(name + "slots " + server.slots().keySet() + " followers "
                    + server.followers().keySet());
            told.add(name + "database " + server.hasDatabase() + " rewinder " + server.rewinderMayRewind());
            server.roles()
                    .forEach((role, rights) -> told.add(name + role + " superuser " + rights.get("superuser")
                            + " replication " + rights.get("replication") + " login " + rights.get("login")
                            + " member of " + rights.getOrDefault("member_of", "")));
        }
        return told;
    }
}
