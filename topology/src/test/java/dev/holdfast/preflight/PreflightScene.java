package dev.holdfast.preflight;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.HostRecords.PortState;
import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.engine.NodeNeeds.Area;
import dev.holdfast.engine.NodeNeeds.Comparison;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.preflight.PreflightRecords.Access;
import dev.holdfast.preflight.PreflightRecords.Choice;
import dev.holdfast.preflight.PreflightRecords.LinkState;
import dev.holdfast.preflight.PreflightRecords.Moment;
import dev.holdfast.preflight.PreflightRecords.Presence;
import dev.holdfast.preflight.PreflightRecords.Search;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Three hosts that lack nothing, with one new server each; a test changes what one of them reports. */
final class PreflightScene {

    static final Instant SENT = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> NAMES = List.of("a1", "b1", "c1");
    private static final String TOP = "/var/lib/holdfast";

    static final NodeNeeds.Program SERVER =
            new NodeNeeds.Program(List.of("server"), "apt-get install server", List.of("8", "15.2"), true);
    /** The version that the topology demands. */
    DeclaredVersion declared = DeclaredVersion.NONE;

    private static final NodeNeeds.Program SOCKET =
            new NodeNeeds.Program(List.of("socat", "perl"), "apt-get install socat", List.of(), false);

    private static final List<NodeNeeds.Setting> SETTINGS = List.of(
            setting(Area.CPU, "cpu", Comparison.NONE_OF, "without AVX", "", List.of(), true),
            setting(Area.LIMIT, "nofile", Comparison.AT_LEAST, "64000", "", List.of(), false),
            setting(Area.LIMIT, "nofile", Comparison.AT_LEAST, "4096", "", List.of(), false),
            setting(Area.KERNEL, "vm.swappiness", Comparison.AT_MOST, "10", "swap=no", List.of(), false),
            setting(Area.KERNEL, "vm.swappiness", Comparison.AT_MOST, "1", "swap=no", List.of(), false),
            setting(Area.INIT, "reaping", Comparison.ONE_OF, "yes", "", List.of(), true),
            setting(Area.KERNEL, "transparent_hugepage", Comparison.ONE_OF, "always", "", List.of("8"), false),
            setting(Area.KERNEL, "transparent_hugepage", Comparison.ONE_OF, "never", "", List.of("15.2"), false));

    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Map<String, List<Record>> records = new LinkedHashMap<>();
    private final Map<String, HostFacts> facts = new LinkedHashMap<>();
    private final Map<String, ScriptAnswer> silent = new LinkedHashMap<>();

    PreflightScene() {
        NAMES.forEach(n -> {
            hosts.put(n, new Host(n, n + ".example", "z", "r", new HostAccess.Local(), TOP));
            facts.put(n, facts(NodeAvailability.DOWN, DirectoryOwner.ABSENT));
        });
        NAMES.forEach(n -> records.put(n, new ArrayList<>(healthy(n))));
    }

    private static NodeNeeds.Setting setting(
            Area area,
            String name,
            Comparison comparison,
            String value,
            String unless,
            List<String> series,
            boolean isRequired) {
        return new NodeNeeds.Setting(
                area, name, name, comparison, List.of(value), unless, series, isRequired, "change " + name);
    }

    private List<Record> healthy(String name) {
        List<Record> all = new ArrayList<>(List.of(
                new PreflightRecords.Machine(name),
                new PreflightRecords.Clock(Moment.BEGIN, SENT.getEpochSecond() + 0.01),
                new PreflightRecords.Clock(Moment.END, SENT.getEpochSecond() + 0.99),
                new PreflightRecords.Login("root", Choice.YES),
                new PreflightRecords.Account("server", Presence.PRESENT),
                folder(Access.WRITABLE, Search.OPEN, "xfs", "99000000"),
                new PreflightRecords.Program("server", "/usr/bin/server", "8.2.0"),
                new PreflightRecords.Program("socat", "", ""),
                new PreflightRecords.Program("perl", "/usr/bin/perl", ""),
                new PreflightRecords.Port(name + ".example", 5432, PortState.FREE),
                new PreflightRecords.Port(name + ".example", 8008, PortState.FREE),
                new PreflightRecords.Port(name + ".example", 9999, PortState.FREE),
                new PreflightRecords.Setting("cpu", "with AVX"),
                new PreflightRecords.Setting("nofile", "unlimited"),
                new PreflightRecords.Setting("vm.swappiness", "1"),
                new PreflightRecords.Setting("swap", "yes"),
                new PreflightRecords.Setting("reaping", "yes"),
                new PreflightRecords.Setting("transparent_hugepage", "always")));
        NAMES.forEach(other -> {
            all.add(new PreflightRecords.Address(other + ".example", "10.0.0." + (1 + NAMES.indexOf(other))));
            if (!other.equals(name)) {
                all.add(new PreflightRecords.Link(other + ".example", 5432, LinkState.REFUSED, "connection refused"));
                all.add(new PreflightRecords.Link(other + ".example", 8008, LinkState.REFUSED, "connection refused"));
            }
        });
        return all;
    }

    /** Returns what a host reports about the directory of its server. */
    static PreflightRecords.Folder folder(Access access, Search search, String type, String free) {
        return new PreflightRecords.Folder(TOP + "/pay", "server", "/var/lib", access, search, type, free);
    }

    private static HostFacts facts(NodeAvailability process, DirectoryOwner owner) {
        return new HostFacts(process, owner, false, Map.of(), "");
    }

    Node node(String host) {
        return new Node("pay", "servers", host, Node.Kind.POSTGRES, hosts.get(host), 5432, TOP + "/pay");
    }

    EstateNeeds needs() {
        NodeNeeds.Program server =
                new NodeNeeds.Program(SERVER.names(), SERVER.install(), SERVER.series(), SERVER.isCommon(), declared);
        List<NodeNeeds> nodes = NAMES.stream()
                .map(n -> new NodeNeeds(
                        node(n),
                        TOP + "/pay/run/pid",
                        "server",
                        List.of(server, SOCKET),
                        List.of(
                                new NodeNeeds.Port(5432, "the server", Set.of(Node.Kind.POSTGRES)),
                                new NodeNeeds.Port(8008, "its API", Set.of(Node.Kind.POSTGRES, Node.Kind.HAPROXY)),
                                new NodeNeeds.Port(9999, "clients", Set.of())),
                        SETTINGS,
                        List.of("xfs", "ext4")))
                .toList();
        return new EstateNeeds("estate", List.copyOf(hosts.values()), nodes);
    }

    /** Replaces every record of the new one's type that fits, on one host. */
    @SuppressWarnings("unchecked")
    <T extends Record> PreflightScene with(String host, T changed, Predicate<T> fits) {
        records.get(host).removeIf(r -> r.getClass() == changed.getClass() && fits.test((T) r));
        records.get(host).add(changed);
        return this;
    }

    PreflightScene with(String host, Record changed) {
        return with(host, changed, r -> true);
    }

    /** Lets a host not report something. */
    PreflightScene without(String host, Predicate<Record> what) {
        assertRemoved(records.get(host).removeIf(what));
        return this;
    }

    private static void assertRemoved(boolean isRemoved) {
        if (!isRemoved) {
            throw new AssertionError("the host does not report that");
        }
    }

    PreflightScene server(String host, NodeAvailability process, DirectoryOwner owner) {
        facts.put(host, facts(process, owner));
        return this;
    }

    PreflightScene silent(String host, String why) {
        silent.put(host, ScriptAnswer.silent(why));
        return this;
    }

    PreflightReport report() {
        List<HostObservation> observations = NAMES.stream()
                .map(n -> new HostObservation(
                        hosts.get(n),
                        Map.of(node(n), facts.get(n)),
                        silent.getOrDefault(n, new ScriptAnswer(ActionResult.ok(""), records.get(n))),
                        SENT,
                        SENT.plusSeconds(1)))
                .toList();
        return PreflightReport.of(needs(), observations);
    }

    List<Finding> findings() {
        return report().findings();
    }
}
