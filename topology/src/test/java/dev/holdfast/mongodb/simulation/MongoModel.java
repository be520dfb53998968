package dev.holdfast.mongodb.simulation;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.FakeMongo;
import dev.holdfast.mongodb.FakeServer;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.provision.ProvisionRunbook;
import dev.holdfast.mongodb.simulation.MemberConfig.Entry;
import dev.holdfast.mongodb.simulation.MongoSequence.Layout;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.simulation.Killed;
import dev.holdfast.simulation.PlantedFault;
import dev.holdfast.simulation.SimulatedEstate;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Disturbance;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import dev.holdfast.simulation.Violations;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Hosts with the members of one replica set, clients and the machine of the operator. */
final class MongoModel implements SimulatedEstate, FakeWorld.Pretend {

    /** What an operator needs to read the output of a command. */
    private static final Duration BETWEEN_COMMANDS = Duration.ofSeconds(4);

    private static final Map<Layout, MongoModel> APPLIED = new EnumMap<>(Layout.class);

    private final MongoCluster cluster;
    private final Topology topology;
    private final PlantedFault<SimulatedSet> fault;
    private final FakeMongo hosts = new FakeMongo();
    private final MongoJudge judge = new MongoJudge(this);
    private final SimulatedSet set = new SimulatedSet(judge);
    private final MongoClients clients = new MongoClients(set);
    private final FakeWorld world = new FakeWorld().with(this);
    private final Set<String> off = new TreeSet<>();
    private final Set<String> cut = new TreeSet<>();
    /** Hosts whose database port Holdfast does not reach. */
    private final Set<String> blocked = new HashSet<>();

    private boolean isWiped;
    private boolean areClientsThere;
    private Instant changed = Instant.EPOCH;
    private Disturbance disturbance = Disturbance.NONE;
    private int left;

    private MongoModel(Layout layout) {
        this(layout.cluster(), PlantedFault.none());
    }

    private MongoModel(MongoCluster cluster, PlantedFault<SimulatedSet> fault) {
        this.cluster = cluster;
        this.topology = Wanted.alone(cluster);
        this.fault = fault;
        cluster.sets()
                .get(0)
                .members()
                .forEach(m -> set.members.put(
                        m.node().endpoint(),
                        new ReplicaMember(
                                m.node().name(),
                                m.node().endpoint(),
                                m.node().directory(),
                                m.arbiter(),
                                hosts.servers)));
    }

    static MongoModel of(MongoSequence sequence, PlantedFault<SimulatedSet> fault) {
        MongoModel applied = applied(sequence.layout());
        MongoModel model = new MongoModel(applied.cluster, fault);
        applied.hosts.servers.forEach((directory, server) -> model.hosts.servers.put(directory, server.copy()));
        model.set.like(applied.set);
        model.world.pause(Duration.between(model.world.now(), applied.world.now()));
        model.areClientsThere = true;
        model.clients.write(model.world.now());
        return model;
    }

    private static synchronized MongoModel applied(Layout layout) {
        MongoModel known = APPLIED.get(layout);
        if (known == null) {
            known = new MongoModel(layout);
            RunbookOutcome outcome = known.apply();
            if (!outcome.isDone()) {
                throw new IllegalStateException(outcome.toString());
            }
            APPLIED.put(layout, known);
        }
        return known;
    }

    private RunbookOutcome apply() {
        RunbookRunner runner =
                new RunbookRunner(world, (kind, facts) -> Map.of(), world.now().plus(Duration.ofHours(1)));
        return runner.run(List.of(ProvisionRunbook.of(topology, cluster))).get(0);
    }

    MongoCluster cluster() {
        return cluster;
    }

    Topology topology() {
        return topology;
    }

    SimulatedSet set() {
        return set;
    }

    MongoClients clients() {
        return clients;
    }

    ReplicaMember memberIn(String directory) {
        return new HostAnswers(set, hosts, world.now()).byDirectory(directory);
    }

    // ---- actions of commands

    @Override
    public ActionResult answer(Action action, Instant now) {
        hurry(now);
        boolean isChange = action.intent() == Action.Access.CHANGE;
        switch (disturbs(isChange) ? disturbance : Disturbance.NONE) {
            case KILLED -> throw new Killed();
            case REQUEST_LOST -> {
                return ActionResult.silent("no answer");
            }
            case TRUNCATED -> {
                return ActionResult.silent(FakeWorld.TRUNCATED);
            }
            case ANSWER_LOST -> {
                executed(action, now, isChange);
                return ActionResult.silent("the answer was lost");
            }
            default -> {
                return executed(action, now, isChange);
            }
        }
    }

    /** Waits become coarser with time, so that vain ones end after few observations. */
    private void hurry(Instant now) {
        long waited = Duration.between(changed, now).toSeconds();
        world.hurry(waited < 30 ? 10 : waited < 300 ? 100 : 2000);
    }

    private boolean disturbs(boolean isChange) {
        boolean isCounted = disturbance != Disturbance.NONE && isChange == (disturbance != Disturbance.TRUNCATED);
        return isCounted && left-- == 0;
    }

    private ActionResult executed(Action action, Instant now, boolean isChange) {
        if (!isChange) {
            set.settle(now);
            return fault.observed(action, reply(action, now));
        }
        changed = now;
        write();
        Action planted = fault.replaced(action);
        judge.before(planted);
        ActionResult result = fault.isIgnored(planted) ? fault.pretended(planted, set) : reply(planted, now);
        set.settle(now);
        write();
        return result;
    }

    private void write() {
        if (areClientsThere) {
            clients.write(world.now());
        }
    }

    boolean isSilent(String host) {
        return off.contains(host) || cut.contains(host) || set.isolated.contains(host);
    }

    private ActionResult reply(Action action, Instant now) {
        String host = action.host().name();
        if (isSilent(host)) {
            return ActionResult.silent("host is silent");
        }
        if (!(action instanceof Action.RunDocumentCommand command)) {
            return new HostAnswers(set, hosts, now).answer(action);
        }
        ReplicaMember member = set.members.get(command.node().endpoint());
        if (member == null || !member.isAlive() || blocked.contains(host)) {
            return ActionResult.silent(command.node().endpoint() + ": Connection refused");
        }
        return new MemberReplies(set, cluster, member, command, now).answer();
    }

    // ---- the estate

    @Override
    public FakeWorld world() {
        return world;
    }

    @Override
    public Violations violations() {
        return judge.violations();
    }

    @Override
    public void disturb(Disturbance how, int at) {
        disturbance = how;
        left = at;
    }

    @Override
    public void commandStarts(String command, String bound) {
        pass(BETWEEN_COMMANDS);
        changed = world.now();
        judge.commandStarts(command, bound);
    }

    private void pass(Duration time) {
        world.hurry(1);
        world.pause(time);
        set.settle(world.now());
    }

    @Override
    public int primaries() {
        return set.primaries().size();
    }

    @Override
    public List<String> members() {
        return set.members.values().stream().map(m -> m.name).toList();
    }

    @Override
    public void happen(SimulatedEvent event) {
        judge.commandStarts("", "");
        ReplicaMember member = set.named(event.member());
        boolean isEven = event.number() % 2 == 0;
        switch (event.kind()) {
            case WRITE -> {}
            case KILL -> member.kill();
            case STOP -> stop(member);
            case START -> start(member);
            case FREEZE -> member.freeze(true);
            case RESUME -> member.freeze(false);
            case POWER_OFF -> powerOff(member);
            case POWER_ON -> off.remove(member.name);
            case WIPE -> wipe(member, isEven);
            case CUT_FROM_CLI -> cut.add(member.name);
            case CUT_PORT -> blocked.add(member.name);
            case ISOLATE -> set.isolated.add(member.name);
            case PART -> set.parted.add(member.name + "-" + next(member).name);
            case STALL -> member.isStalled = true;
            case CATCH_UP -> member.isStalled = false;
            case FORCE -> force(member, isEven);
            case REMOVE -> remove(member);
            case STEP_DOWN -> stepDown(member);
            case TIME -> pass(Duration.ofSeconds(12));
            default -> throw new IllegalArgumentException("not an event of MongoDB: " + event);
        }
        set.settle(world.now());
        int writes = event.kind() == Kind.WRITE ? 3 : event.number() % 3;
        for (int i = 0; i < writes; i++) {
            write();
        }
    }

    private ReplicaMember next(ReplicaMember member) {
        List<ReplicaMember> all = List.copyOf(set.members.values());
        return all.get((all.indexOf(member) + 1) % all.size());
    }

    private void stop(ReplicaMember member) {
        if (member.isAlive()) {
            new HostAnswers(set, hosts, world.now()).stop(member);
        }
    }

    /** A person starts it. A fenced member has no configuration file to start with. */
    private void start(ReplicaMember member) {
        FakeServer server = member.server();
        if (server == null || server.up || member.isFenced() || off.contains(member.name)) {
            return;
        }
        boolean isEmptyVoter = !member.isArbiter && !member.hasData();
        boolean wasLeftBehind = set.members.values().stream().anyMatch(m -> !m.failovers.isEmpty());
        if (isEmptyVoter || wasLeftBehind) {
            judge.forcedByPerson();
        }
        server.up = true;
        server.data = "there";
        member.started(world.now());
    }

    private void powerOff(ReplicaMember member) {
        off.add(member.name);
        member.kill();
    }

    private void wipe(ReplicaMember member, boolean isWhole) {
        if (isWiped || off.contains(member.name) || member.server() == null) {
            return;
        }
        isWiped = true;
        member.kill();
        List<OplogEntry> had = new ArrayList<>(member.oplog);
        had.addAll(member.rolledBack);
        had.addAll(isWhole ? member.kept : List.of());
        judge.wiped(member, had);
        if (isWhole) {
            member.loseDirectory();
        } else {
            boolean wasMember = member.config != null;
            member.loseData();
            member.server().data = wasMember ? "lost" : "none";
        }
    }

    /** A person forces a configuration with this member alone, or with all that it reaches. */
    private void force(ReplicaMember member, boolean isAlone) {
        if (!member.isAlive() || !member.holdsData()) {
            return;
        }
        judge.forcedByPerson();
        with(
                member,
                entry -> entry.host().equals(member.endpoint)
                        || !isAlone && set.isLinked(member, set.members.get(entry.host())),
                true);
    }

    /** A person removes a member on the primary. */
    private void remove(ReplicaMember member) {
        set.primaries().stream()
                .filter(p -> p != member && p.isAlive())
                .findFirst()
                .ifPresent(p -> with(p, entry -> !entry.host().equals(member.endpoint), false));
    }

    private void with(ReplicaMember at, java.util.function.Predicate<Entry> stays, boolean isForced) {
        Map<String, Object> document = new LinkedHashMap<>(at.config.document());
        List<Map<String, Object>> entries = new ArrayList<>();
        for (MongoDocument entry : new MongoDocument(document).docs("members")) {
            if (stays.test(at.config.entry(entry.text("host")))) {
                entries.add(entry.fields());
            }
        }
        document.put("members", entries);
        MemberConfig next = MemberConfig.of(new MongoDocument(document), at.config.version() + 1, 0, Set.of());
        if (isForced) {
            set.force(at, next, world.now());
        } else {
            set.reconfigure(at, next, world.now());
        }
    }

    private void stepDown(ReplicaMember member) {
        if (member.isPrimary && member.isAlive()) {
            set.stepDown(member, Duration.ofSeconds(60), world.now());
        }
    }

    @Override
    public boolean isAnythingAway() {
        return !off.isEmpty()
                || !cut.isEmpty()
                || !blocked.isEmpty()
                || !set.isolated.isEmpty()
                || !set.parted.isEmpty()
                || set.members.values().stream().anyMatch(m -> m.isFrozen() || m.isStalled);
    }

    @Override
    public void planReturn() {
        off.clear();
        cut.clear();
        blocked.clear();
        set.isolated.clear();
        set.parted.clear();
        set.members.values().forEach(m -> {
            m.freeze(false);
            m.isStalled = false;
        });
        judge.commandStarts("", "");
        write();
    }

    @Override
    public void switchOffSilentHosts() {
        set.members.values().stream().filter(m -> isSilent(m.name)).forEach(this::powerOff);
    }

    @Override
    public String state() {
        return set.members.values().stream().map(ReplicaMember::state).collect(Collectors.joining("; "));
    }

    // ---- the truth

    @Override
    public String wrong() {
        List<ReplicaMember> primaries = set.primaries();
        if (primaries.size() != 1) {
            return primaries.size() + " primaries";
        }
        ReplicaMember primary = primaries.get(0);
        for (ReplicaMember member : set.members.values()) {
            if (!member.isAlive()) {
                return member + " does not run";
            }
            if (member.isFenced()) {
                return member + " is fenced";
            }
            boolean follows = member == primary
                    || set.leader(member) == primary
                            && (member.isArbiter
                                    || member.holdsData() && member.shared(primary) == member.oplog.size());
            if (!follows) {
                return member + " does not follow " + primary;
            }
        }
        List<OplogEntry> missing = judge.missing(primary);
        if (!missing.isEmpty()) {
            return primary + " lacks the acknowledged " + MongoJudge.numbers(missing);
        }
        return configuration(primary);
    }

    private String configuration(ReplicaMember primary) {
        for (MongoCluster.Member declared : cluster.sets().get(0).members()) {
            Entry entry = primary.config.entry(declared.node().endpoint());
            double priority = declared.arbiter() ? 0 : declared.priority();
            if (entry == null || !primary.config.votes(entry) || entry.priority() != priority) {
                return declared.node().name() + " does not vote as declared";
            }
        }
        return "";
    }
}
