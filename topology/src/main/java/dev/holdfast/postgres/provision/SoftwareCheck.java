package dev.holdfast.postgres.provision;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.RepositoryServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.value.PostgresVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks the software on the hosts and its versions. */
final class SoftwareCheck {

    private final PostgresCluster cluster;

    SoftwareCheck(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    /** @param major the required major version; 0 when the members have none in common */
    List<Refusal> refusals(MemberState member, int major) {
        String where = member.node().id();
        List<Refusal> refusals = new ArrayList<>();
        server(member, major).ifPresent(refusals::add);
        if (lacks(member.hostFacts(), "flock")) {
            refusals.add(new Refusal(where, "flock is not installed on the host", "install util-linux"));
        }
        if (cluster.repository().isPresent() && lacks(member.hostFacts(), "pgbackrest")) {
            refusals.add(new Refusal(
                    where,
                    "backups are declared, but pgbackrest is not installed on " + host(member.node()),
                    "install it (Debian: apt-get install pgbackrest)"));
        }
        if (cluster.automatic().isPresent()) {
            for (String program : List.of("patroni", "setsid")) {
                if (lacks(member.hostFacts(), program)) {
                    refusals.add(new Refusal(
                            where,
                            "failover: automatic is declared, but " + program + " is not installed on "
                                    + host(member.node()),
                            "install it (Debian: apt-get install patroni python3-etcd util-linux)"));
                }
            }
        }
        return refusals;
    }

    private Optional<Refusal> server(MemberState member, int major) {
        String where = member.node().id();
        String directory = cluster.binaries(member.node().host());
        String looked = directory.isEmpty() ? "PATH and /usr/lib/postgresql" : directory;
        Set<Integer> found = member.host().programs().keySet();
        if (found.isEmpty()) {
            return Optional.of(new Refusal(
                    where,
                    "no PostgreSQL server programs in " + looked + " on " + host(member.node()),
                    "install them (Debian: apt-get install postgresql), or name their directory with binaries:"));
        }
        if (!found.contains(major)) {
            return Optional.of(new Refusal(
                    where,
                    "PostgreSQL " + found + " in " + looked + " on " + host(member.node())
                            + ", but the cluster needs "
                            + (major > 0
                                    ? Integer.toString(major)
                                    : cluster.version().isDeclared()
                                            ? "the declared version "
                                                    + cluster.version().text() + " on all hosts"
                                            : "a version that all members have"),
                    "install that version there, or name its directory with binaries:"));
        }
        if (!PostgresVersions.ALL.supports(Integer.toString(major))) {
            return Optional.of(new Refusal(
                    where,
                    "PostgreSQL " + member.host().versions().get(major) + " in "
                            + member.host().programs().get(major) + ", supported are "
                            + supported(),
                    "install a supported version, or name its directory with binaries:"));
        }
        // a program that does not report its version has at least the major version of its directory
        return !cluster.version().accepts(version(member, major).orElse(Integer.toString(major)))
                ? Optional.of(undeclared(member, major))
                : Optional.empty();
    }

    private static String supported() {
        List<String> all = PostgresVersions.ALL.supported();
        return all.get(0) + " to " + all.get(all.size() - 1);
    }

    private static Optional<String> version(MemberState member, int major) {
        return Optional.ofNullable(member.host().versions().get(major)).filter(v -> !v.isEmpty());
    }

    private Refusal undeclared(MemberState member, int major) {
        String declared = cluster.version().text();
        boolean isOtherData = member.hasDatabase() && major != cluster.version().major();
        return new Refusal(
                member.node().id(),
                "PostgreSQL " + version(member, major).orElse(major + " of unknown minor version") + " in "
                        + member.host().programs().get(major) + " on " + host(member.node())
                        + " is not the declared version " + declared,
                isOtherData
                        ? "the data needs PostgreSQL " + major + ": declare version: \"" + major
                                + "\"; another major version needs a new cluster"
                        : "install PostgreSQL " + declared
                                + " there, name its directory with binaries:, or declare version: \"" + major + "\"");
    }

    List<Refusal> refusals(ProxyState proxy) {
        return proxy.proxy().isPooler() ? pooler(proxy) : haproxy(proxy);
    }

    private static List<Refusal> haproxy(ProxyState proxy) {
        String where = proxy.node().id();
        List<Refusal> refusals = new ArrayList<>();
        if (proxy.version().isEmpty()) {
            refusals.add(new Refusal(
                    where, "no haproxy on " + host(proxy.node()), "install it (Debian: apt-get install haproxy)"));
        }
        if (lacks(proxy.hostFacts(), "socat") && lacks(proxy.hostFacts(), "perl")) {
            refusals.add(new Refusal(
                    where, "neither socat nor perl is installed for the socket of HAProxy", "install socat"));
        }
        return refusals;
    }

    private static List<Refusal> pooler(ProxyState pooler) {
        String where = pooler.node().id();
        List<Refusal> refusals = new ArrayList<>();
        if (pooler.version().isEmpty()) {
            refusals.add(new Refusal(
                    where, "no pgbouncer on " + host(pooler.node()), "install it (Debian: apt-get install pgbouncer)"));
        }
        if (lacks(pooler.hostFacts(), "psql")) {
            refusals.add(new Refusal(
                    where,
                    "no psql on " + host(pooler.node()) + " for the console of PgBouncer",
                    "install it (Debian: apt-get install postgresql-client)"));
        }
        return refusals;
    }

    List<Refusal> refusals(RepositoryServerState server) {
        return List.of("pgbackrest", "openssl").stream()
                .filter(program -> lacks(server.hostFacts(), program))
                .map(program -> new Refusal(
                        server.node().id(),
                        "the repository is on a separate host, and " + program + " is not installed on "
                                + host(server.node()),
                        "install it (Debian: apt-get install " + program + ")"))
                .toList();
    }

    private static boolean lacks(HostFacts hostFacts, String program) {
        return hostFacts.programs().getOrDefault(program, "").isEmpty();
    }

    private static String host(Node node) {
        return node.host().name();
    }
}
