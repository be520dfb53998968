package dev.holdfast.postgres.simulation;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.FakePostgres;
import dev.holdfast.postgres.FakeServer;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.simulation.Killed;
import dev.holdfast.simulation.PlantedFault;
import dev.holdfast.simulation.SimulatedEstate;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Disturbance;
import dev.holdfast.simulation.Violations;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Hosts, servers, proxies, clients and the machine of the operator, and what happens to them between and in commands. */
final class PostgresModel implements SimulatedEstate, FakeWorld.Pretend {

    /** Vain waits of the product end after so many times fewer observations. */
    private static final int HURRY = 100;

    /** Applied once, by the description of the cluster. */
    private static final Map<String, FakePostgres> APPLIED = new ConcurrentHashMap<>();

    private final PostgresSequence sequence;
    private final PlantedFault<FakePostgres> fault;
    private final Bank bank;
    private final Topology topology;
    private final PostgresCluster cluster;
    private final PostgresClients clients;
    private final PostgresJudge judge;
    private final Set<String> off = new TreeSet<>();
    private final Set<String> cut = new TreeSet<>();
    /** Members that a person has made primary. */
    private final Set<String> strays = new TreeSet<>();

    private boolean isWiped;
    private Disturbance disturbance = Disturbance.NONE;
    private int left;

    PostgresModel(PostgresSequence sequence, PlantedFault<FakePostgres> fault) {
        this.sequence = sequence;
        this.fault = fault;
        this.bank = new Bank(sequence.trio(), fake -> {
            fake.tracksWal = true;
            fake.standbysReceive = true;
            return this;
        });
        this.topology = bank.trio.estate();
        this.cluster = bank.trio.cluster();
        this.clients = new PostgresClients(bank.fake, List.copyOf(bank.trio.proxies), sequence.areDirect());
        this.judge = new PostgresJudge(this);
        bank.world.hurry(HURRY);
        fake().like(APPLIED.computeIfAbsent(sequence.cluster(), cluster -> Bank.applied(sequence.trio()).fake));
        fake().servers.values().forEach(s -> s.waiters = 108);
        clients.write(bank.world.now(), off);
    }

    @Override
    public FakeWorld world() {
        return bank.world;
    }

    Topology topology() {
        return topology;
    }

    PostgresCluster cluster() {
        return cluster;
    }

    @Override
    public int primaries() {
        return clients.primaries().size();
    }

    @Override
    public String wrong() {
        return new PostgresTruth(this).wrong();
    }

    @Override
    public Violations violations() {
        return judge.violations();
    }

    @Override
    public void commandStarts(String command, String bound) {
        judge.commandStarts(command, bound);
    }

    Bank bank() {
        return bank;
    }

    FakePostgres fake() {
        return bank.fake;
    }

    PostgresClients clients() {
        return clients;
    }

    PostgresJudge judge() {
        return judge;
    }

    Set<String> strays() {
        return strays;
    }

    /** Whether Holdfast does not reach its host, which would report that the server is primary. */
    boolean isHidden(FakeServer server) {
        return fake().silentHosts.contains(server.name);
    }

    // ---- actions of commands

    @Override
    public void disturb(Disturbance how, int at) {
        disturbance = how;
        left = at;
    }

    @Override
    public ActionResult answer(Action action, Instant now) {
        boolean isChange = action.intent() == Action.Access.CHANGE;
        Disturbance here = disturbs(isChange) ? disturbance : Disturbance.NONE;
        switch (here) {
            case KILLED -> throw new Killed();
            case REQUEST_LOST, TRUNCATED -> {
                return ActionResult.silent(here == Disturbance.TRUNCATED ? FakeWorld.TRUNCATED : "no answer");
            }
            case ANSWER_LOST -> {
                executed(action, now, isChange);
                return ActionResult.silent("the answer was lost");
            }
            case NONE -> {
                return executed(action, now, isChange);
            }
        }
        throw new IllegalStateException(here.toString());
    }

    private boolean disturbs(boolean isChange) {
        boolean isCounted = disturbance != Disturbance.NONE && isChange == (disturbance != Disturbance.TRUNCATED);
        return isCounted && left-- == 0;
    }

    private ActionResult executed(Action action, Instant now, boolean isChange) {
        if (!isChange) {
            return fault.observed(action, fake().answer(action, now));
        }
        clients.write(now, off);
        judge.before(action);
        boolean isIgnored = fault.isIgnored(action);
        ActionResult result = isIgnored ? fault.pretended(action, fake()) : fake().answer(action, now);
        judge.after(action, !isIgnored && result.isOk());
        clients.write(now, off);
        return result;
    }

    // ---- events

    @Override
    public void happen(SimulatedEvent event) {
        FakeServer server = bank.at(event.member());
        switch (event.kind()) {
            case WRITE -> {}
            case KILL -> kill(server);
            case STOP -> stop(server);
            case START -> start(server);
            case FREEZE -> server.hangs = server.up;
            case RESUME -> server.hangs = false;
            case POWER_OFF -> powerOff(server.name);
            case POWER_ON -> powerOn(server.name);
            case WIPE -> wipe(server, event.number() % 2 == 0);
            case CUT_FROM_CLI -> cut.add(server.name);
            case CUT_PORT -> fake().blocked.add(server.name);
            case ISOLATE -> fake().isolatedHosts.add(server.name);
            case STALL -> server.stalled = true;
            case CATCH_UP -> server.stalled = false;
            case PROMOTE -> promote(server);
            case ALTER -> alter(server, true);
            case RESET -> alter(server, false);
            case TIME -> bank.world.pause(Duration.ofSeconds(12));
            case COMMAND, PART, FORCE, REMOVE, STEP_DOWN ->
                throw new IllegalArgumentException("not an event of PostgreSQL: " + event);
        }
        reach();
        int writes = event.kind() == SimulatedEvent.Kind.WRITE ? 3 : event.number() % 3;
        for (int i = 0; i < writes; i++) {
            clients.write(bank.world.now(), off);
        }
    }

    private void reach() {
        fake().silentHosts.clear();
        fake().silentHosts.addAll(off);
        fake().silentHosts.addAll(cut);
        fake().silentHosts.addAll(fake().isolatedHosts);
    }

    private void kill(FakeServer server) {
        if (server.up) {
            server.state = server.standby ? "in archive recovery" : "in production";
        }
        server.up = false;
        server.hangs = false;
        clients.settle();
    }

    private void stop(FakeServer server) {
        if (server.up && !server.hangs) {
            fake().stop(server);
            clients.settle();
        }
    }

    /** A person starts it; a fence makes PostgreSQL start it without writes. */
    private void start(FakeServer server) {
        if (server.up || !server.data || off.contains(server.name) || server.marks.containsKey("rewind")) {
            return;
        }
        server.standby |= server.marks.containsKey("fence");
        server.start();
        server.state = server.standby ? "in archive recovery" : "in production";
        server.received = !server.standby;
        if (!server.standby && clients.primaries().size() > 1) {
            strays.add(server.name);
        }
    }

    void powerOff(String host) {
        off.add(host);
        kill(bank.at(host));
        reach();
    }

    private void powerOn(String host) {
        off.remove(host);
    }

    private void wipe(FakeServer server, boolean isWhole) {
        if (isWiped || off.contains(server.name)) {
            return;
        }
        isWiped = true;
        if (strays.contains(server.name)) {
            judge.lostOnly(server); // no record can show that it was primary
        }
        kill(server);
        server.data = false;
        server.wal.clear();
        if (isWhole) {
            server.marks.clear();
            server.files.clear();
            server.mark = "";
        } else {
            server.marks.keySet().removeIf(m -> !m.equals("history") && !m.equals("took"));
        }
    }

    private void promote(FakeServer server) {
        if (server.up && server.standby && !server.hangs) {
            server.promote();
            strays.add(server.name);
            judge.lostByPerson(server);
        }
    }

    private void alter(FakeServer server, boolean isEmptied) {
        if (!server.up || server.hangs) {
            return;
        }
        if (isEmptied) {
            server.altered.put("synchronous_standby_names", "");
        } else {
            server.altered.remove("synchronous_standby_names");
        }
        server.marks.put("changed", "postgresql.auto.conf");
        server.read();
    }

    @Override
    public boolean isAnythingAway() {
        return !fake().silentHosts.isEmpty()
                || !fake().blocked.isEmpty()
                || fake().servers.values().stream().anyMatch(s -> s.hangs || s.stalled);
    }

    @Override
    public void planReturn() {
        off.clear();
        cut.clear();
        fake().blocked.clear();
        fake().isolatedHosts.clear();
        fake().servers.values().forEach(s -> {
            s.hangs = false;
            s.stalled = false;
        });
        reach();
        clients.write(bank.world.now(), off);
    }

    @Override
    public void switchOffSilentHosts() {
        List.copyOf(fake().silentHosts).forEach(this::powerOff);
    }

    @Override
    public List<String> members() {
        return fake().servers.values().stream().map(s -> s.name).toList();
    }

    @Override
    public String state() {
        return fake().servers.values().stream()
                .map(s -> s.name + (s.up ? s.hangs ? " hangs" : " up" : " down") + (s.standby ? " standby" : " primary")
                        + " timeline " + s.timeline + " end " + Long.toHexString(s.end))
                .collect(java.util.stream.Collectors.joining("; "));
    }

    PostgresSequence sequence() {
        return sequence;
    }
}
