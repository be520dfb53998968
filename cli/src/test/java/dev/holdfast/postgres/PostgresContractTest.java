package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.live.LiveExecutionContext;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
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
import dev.holdfast.postgres.topology.AfterFailover;
import dev.holdfast.postgres.topology.ClusterOptions;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Keeps the pretend servers honest: the same is done to them and to real ones, and at every stage both are asked the same;
 * whatever a planner reads, and so every plan, must be the same.
 */
@Tag("real")
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

    private Member member(int host, MemberRole role) {
        return new Member(node("servers", Node.Kind.POSTGRES, host, 5432), role);
    }

    private PostgresCluster cluster() {
        return new PostgresCluster(
                "c",
                RecoveryObjectives.NONE,
                Durability.PROTECT,
                AfterFailover.WAIT,
                List.of(member(1, MemberRole.SYNC), member(2, MemberRole.SYNC), member(3, MemberRole.DR)),
                new Synchronous(Synchronous.Method.FIRST, 1),
                List.of(new Proxy(node("proxies", Node.Kind.HAPROXY, 1, 5000), 5001)),
                List.of(),
                "shop",
                Map.of("shared_buffers", "16MB", "work_mem", "4MB"),
                List.of(new User("clerk", new SecretRef("c/clerk"), List.of("pg_read_all_data"))),
                "",
                DeclaredVersion.NONE,
                ClusterOptions.NONE);
    }

    private static RunbookOutcome run(ExecutionContext context, Runbook<?> runbook) {
        return new RunbookRunner(
                        context, (kind, facts) -> Map.of(), context.now().plus(Duration.ofMinutes(10)))
                .run(List.of(runbook))
                .get(0);
    }

    @Test
    void pretend_and_real_servers_give_a_planner_the_same() {
        agree("before anything was made");
        both(context -> assertThat(run(context, ProvisionRunbook.runbook(topology, cluster))
                        .failures())
                .isEmpty());
        agree("when all is made");

        MemberActions actions = new MemberActions(topology, cluster);
        both(context -> {
            PostgresState state = look(context);
            assertThat(context.ask(actions.stop(state.members().get(1), state.major()))
                            .isOk())
                    .isTrue();
        });
        agree("when a standby is stopped");

        both(context -> assertThat(context.ask(actions.role(cluster.servers().get(2), Map.of("work_mem", "9MB")))
                        .isOk())
                .isTrue());
        agree("when a role.conf was overwritten and not read");

        Node primary = cluster.servers().get(0);
        both(context -> {
            context.ask(
                    actions.sql(primary, Script.of("postgres/create-slot.sql").with("slot", "orphan")));
            context.ask(actions.sql(
                    primary,
                    Script.of("postgres/revoke-role.sql")
                            .with("granted", "pg_read_all_data")
                            .with("role", "clerk")));
        });
        agree("when a slot was made and a membership revoked by hand");

        both(context -> assertThat(run(context, ProvisionRunbook.runbook(topology, cluster))
                        .failures())
                .isEmpty());
        agree("when all is mended");
    }

    private void both(java.util.function.Consumer<ExecutionContext> what) {
        what.accept(real);
        what.accept(fake);
    }

    private PostgresState look(ExecutionContext context) {
        return new ClusterProbe(topology, cluster).look(context, true);
    }

    /** A real standby replays a moment later what a pretend one has at once: it is looked at again until it has. */
    private void agree(String when) {
        List<String> pretended = descriptions(fake);
        List<String> state = descriptions(real);
        for (int looks = 0; looks < REPLAY_LOOKS && !state.equals(pretended); looks++) {
            real.pause(Duration.ofMillis(200));
            state = descriptions(real);
        }
        assertThat(state).as(when).isEqualTo(pretended);
    }

    private List<String> descriptions(ExecutionContext context) {
        PostgresState state = look(context);
        List<String> lines = new ArrayList<>();
        lines.add("leader " + state.leader().map(MemberState::name) + ", fresh " + state.isFresh());
        state.members().forEach(m -> lines.addAll(member(state, m)));
        state.proxies()
                .forEach(p -> lines.add(p.state() + " " + p.hostFacts().directoryOwner() + " " + p.inputs() + " "
                        + p.isEdited() + p.isStale() + p.isSilent() + " writes " + p.writesGoTo() + " reads "
                        + p.readsGoTo()));
        state.credentials().forEach((role, answer) -> lines.add(role + " comes in: " + answer.isOk()));
        lines.add("outdated " + state.outdated());
        ProvisionRunbook.runbook(topology, cluster).plan(state).forEach(p -> {
            p.plan().steps().forEach(s -> lines.add(p.stage() + ": " + s.title() + " because " + s.because()));
            lines.addAll(p.plan().notes());
            p.plan().refusals().forEach(r -> lines.add(r.toString()));
        });
        lines.sort(Comparator.naturalOrder());
        return lines;
    }

    private static List<String> member(PostgresState state, MemberState m) {
        ServerState server = m.server();
        String name = m.name() + ": ";
        List<String> lines = new ArrayList<>();
        lines.add(name + m.state() + " " + m.hostFacts().directoryOwner() + " port "
                + m.hostFacts().portTaken() + " primary "
                + m.isPrimary() + " was " + m.wasPrimary() + " database " + m.hasDatabase() + " timeline "
                + m.timeline()
                + " major " + m.major());
        lines.add(name + "follows " + state.follows(m) + " ready " + state.isReady(m) + " gone " + state.isGone(m)
                + " diverged " + state.diverged(m));
        lines.add(name + m.disk().files());
        lines.add(name + "user " + m.host().user());
        if (m.isUp()) {
            lines.add(name + "unread " + ConfigurationPlanner.isUnread(m) + " pending " + server.pendingRestart()
                    + " command line " + server.onCommandLine() + " config " + server.configFile());
            lines.add(name + "names " + server.synchronousNames() + " in sync " + SynchronousStandbyNames.inSync(server)
                    + " altered " + server.altered() + " wrong " + server.wrong());
            lines.add(name + "slots " + server.slots().keySet() + " followers "
                    + server.followers().keySet());
            lines.add(name + "database " + server.hasDatabase() + " rewinder " + server.rewinderMayRewind());
            server.roles()
                    .forEach((role, rights) -> lines.add(name + role + " superuser " + rights.get("superuser")
                            + " replication " + rights.get("replication") + " login " + rights.get("login")
                            + " member of " + rights.getOrDefault("member_of", "")));
        }
        return lines;
    }
}
