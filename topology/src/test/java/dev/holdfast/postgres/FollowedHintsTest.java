package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.simulation.HintReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random sequences of ordinary events on pretend servers, and an operator who knows nothing but the hints. The hints must lead
 * to one primary that serves and an empty plan, without a circle, and no loss may be asked for before its bound is printed.
 */
@Tag("unit")
class FollowedHintsTest extends Rehearsal {

    private static final int SEQUENCES = Integer.getInteger("holdfast.hints", 40);
    private static final int COMMANDS = 16;
    private static final List<String> MEMBERS = List.of("a1", "b1", "d1");
    private final List<String> hints = new ArrayList<>();
    private Random chance = new Random();
    private boolean isWiped;

    static IntStream seeds() {
        int first = Integer.getInteger("holdfast.hints.seed", 0);
        return IntStream.range(first, first + SEQUENCES);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_hints_lead_out(int seed) {
        chance = new Random(seed);
        bank.world.hurry(25);
        for (int i = 2 + chance.nextInt(5); i > 0; i--) {
            happen();
        }
        operate();
        assertThat(isHealthy())
                .as("seed %d: %s", seed, String.join("\n", hints))
                .isTrue();
    }

    // ---- what happens

    private void happen() {
        FakeServer server = bank.at(MEMBERS.get(chance.nextInt(3)));
        if (chance.nextBoolean()) {
            server = primary(server);
        }
        String event = switch (chance.nextInt(12)) {
            case 0, 1 -> kill(server, "in production");
            case 2 -> kill(server, "shut down");
            case 3 -> freeze(server);
            case 4 -> wipe(server);
            case 5, 6 -> promote(server);
            case 7 -> alter(primary(server));
            case 8 -> start(server);
            case 9 -> block(server);
            case 10 -> cut(server);
            default -> killCommand();
        };
        hints.add(event);
    }

    private FakeServer primary(FakeServer otherwise) {
        return bank.fake.servers.values().stream()
                .filter(s -> s.up && !s.standby)
                .findFirst()
                .orElse(otherwise);
    }

    private String kill(FakeServer server, String state) {
        if (server.up) {
            bank.fake.followers(server);
            server.state = server.standby ? "in archive recovery" : state;
            server.up = false;
            server.hangs = false;
        }
        return "kill " + server.name + ", " + state;
    }

    private String freeze(FakeServer server) {
        server.hangs = server.up;
        return "freeze " + server.name;
    }

    private String wipe(FakeServer server) {
        if (isWiped) {
            return "";
        }
        isWiped = true;
        server.up = false;
        server.hangs = false;
        server.data = false;
        if (chance.nextBoolean()) {
            server.marks.clear();
            server.files.clear();
            server.mark = "";
        } else {
            server.marks.keySet().removeIf(m -> !m.equals("history") && !m.equals("took"));
        }
        return "wipe " + server.name;
    }

    private String promote(FakeServer server) {
        if (server.up && server.standby) {
            bank.promoted(server.name);
            server.commits = chance.nextInt(3);
            server.clients = chance.nextInt(2);
        }
        return "promote " + server.name;
    }

    private String alter(FakeServer server) {
        if (server.up) {
            server.altered.put("synchronous_standby_names", "");
            server.read();
        }
        return "alter " + server.name;
    }

    private String start(FakeServer server) {
        if (!server.up && !server.hangs && server.data) {
            server.standby |= server.marks.containsKey("fence");
            server.start();
        }
        return "start " + server.name;
    }

    private String block(FakeServer server) {
        bank.fake.blocked.add(server.name);
        return "block the port of " + server.name;
    }

    private String cut(FakeServer server) {
        bank.fake.silentHosts.add(server.name);
        bank.fake.standbysReceive = chance.nextBoolean();
        return "cut the host of " + server.name;
    }

    private String killCommand() {
        bank.killAfter(chance.nextInt(12));
        String command =
                List.of("apply", "failover payments", "switchover payments").get(chance.nextInt(3));
        try {
            run(command);
        } catch (Bank.Killed killed) {
            command += ", killed";
        }
        bank.killAfter(Integer.MAX_VALUE);
        return "run " + command;
    }

    // ---- the operator

    private void operate() {
        String next = "apply";
        Set<String> tried = new HashSet<>();
        List<String> advised = new ArrayList<>();
        int planReturn = 1 + chance.nextInt(4);
        for (int i = 1; i <= COMMANDS && !next.isEmpty(); i++) {
            tried.add(next);
            RunbookOutcome outcome = run(next);
            hints.add("$ holdfast " + next + "\n  " + outcome);
            if (outcome.steps() > 0) {
                tried.clear();
                advised.clear();
            }
            if (i == planReturn && isAnythingAway()) {
                planReturn();
                tried.clear();
            }
            if (isHealthy()) {
                return;
            }
            advised.addAll(0, advice(outcome, next));
            next = HintReader.choose(advised, tried, isAnythingAway() ? "fenced-by-hand" : "");
            if (next.isEmpty() && isAnythingAway()) {
                planReturn();
                tried.clear();
                next = "apply";
            } else if (next.isEmpty() && !tried.contains("apply")) {
                next = "apply"; // it may have changed by itself
            }
        }
    }

    private List<String> advice(RunbookOutcome outcome, String command) {
        String member = MEMBERS.get(chance.nextInt(3));
        assertThat(HintReader.fault(outcome, command, member))
                .as("after %s", hints)
                .isEmpty();
        return HintReader.advice(outcome, command, member);
    }

    private RunbookOutcome run(String command) {
        String[] words = command.split(" ");
        String to = command.contains("--to ") ? command.replaceFirst(".*--to (\\w+).*", "$1") : "";
        boolean loss = command.contains("--accept-data-loss");
        String[] overrides = Stream.of(words)
                .filter(w -> w.startsWith("--override="))
                .map(w -> w.substring("--override=".length()))
                .toArray(String[]::new);
        return switch (words[0]) {
            case "apply" -> bank.apply();
            case "failover" -> bank.run(failover(to, loss, overrides).runbook());
            case "switchover" -> bank.run(switchover(to, overrides).runbook());
            default ->
                bank.run(rejoin(words[1].substring(words[1].lastIndexOf('/') + 1), loss, overrides)
                        .runbook());
        };
    }

    private boolean isAnythingAway() {
        return !bank.fake.blocked.isEmpty()
                || !bank.fake.silentHosts.isEmpty()
                || bank.fake.servers.values().stream().anyMatch(s -> s.hangs);
    }

    private void planReturn() {
        hints.add("what was cut off or frozen comes back");
        bank.fake.blocked.clear();
        bank.fake.silentHosts.clear();
        bank.fake.servers.values().forEach(s -> s.hangs = false);
    }

    private boolean isHealthy() {
        return bank.fake.servers.values().stream()
                                .filter(s -> s.up && !s.standby)
                                .count()
                        == 1
                && !isAnythingAway()
                && bank.titles().isEmpty()
                && bank.refusals().isEmpty();
    }
}
