package dev.holdfast.simulation;

import dev.holdfast.simulation.Simulation.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Runs sequences for a time, and prints the rate, the violations by kind, and how often each row of the tables has decided. */
final class Simulate {

    private Simulate() {}

    /** Prints for each planted fault what its own sequence shows, and the first of some seeds that finds it. */
    private static <W> void faults(SimulatedEngine<W> engine, int most) {
        engine.guards().forEach(planted -> {
            Simulation<W> simulation = new Simulation<>(engine, planted.fault());
            Optional<Result> found = LongStream.range(0, most)
                    .mapToObj(simulation::run)
                    .filter(Result::isViolated)
                    .findFirst();
            System.out.println(planted + ":\n  with it: "
                    + new Simulation<>(engine).run(planted.sequence()).violation() + "\n  without: "
                    + simulation.run(planted.sequence()).violation()
                    + "\n  "
                    + found.map(r -> "seed " + r.sequence().seed() + ": " + r.violation())
                            .orElse("in no seed up to " + most));
        });
    }

    /** Prints one sequence, as it is and as small as it can be. */
    private static <W> void one(SimulatedEngine<W> engine, long seed) {
        Simulation<W> simulation = new Simulation<>(engine);
        Result result = simulation.run(seed);
        System.out.println(
                result + "\n" + (result.isViolated() ? simulation.shrunk(result).toString() : ""));
    }

    /** Returns the number of sequences with a violation. */
    private static <W> int run(SimulatedEngine<W> engine, long first, long seconds) {
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        Simulation<W> simulation = new Simulation<>(engine);
        Map<String, Integer> kinds = new LinkedHashMap<>();
        long seed = first;
        for (; System.nanoTime() < end; seed++) {
            Result result = simulation.run(seed);
            if (result.isViolated() && kinds.merge(result.kind(), 1, Integer::sum) == 1) {
                System.out.println(simulation.shrunk(result) + "\n");
            }
        }
        double took = (System.nanoTime() - begin) / 1e9;
        int violated = kinds.values().stream().mapToInt(Integer::intValue).sum();
        simulation.coverage().lines().forEach(System.out::println);
        kinds.forEach((kind, count) -> System.out.println(count + " times: " + kind));
        System.out.printf(
                "%s: %d of %d rows of the decision tables reached%n",
                engine.name(),
                simulation.coverage().size() - simulation.coverage().unreached().size(),
                simulation.coverage().size());
        System.out.printf(
                "%s: seeds %d to %d: %d sequences in %.0f s, %.0f per second; %d with a violation%n",
                engine.name(), first, seed - 1, seed - first, took, (seed - first) / took, violated);
        return violated;
    }

    /**
     * Runs the simulation.
     *
     * @param arguments the engines, separated by commas; the first seed and the seconds for each; or {@code faults} and the
     *     number of seeds; or {@code one} and a seed
     */
    public static void main(String[] arguments) {
        int violated = 0;
        for (String name : arguments[0].split(",")) {
            SimulatedEngine<?> engine = SimulatedEngines.named(name);
            if (arguments[1].equals("one")) {
                one(engine, Long.parseLong(arguments[2]));
            } else if (arguments[1].equals("faults")) {
                faults(engine, Integer.parseInt(arguments[2]));
            } else {
                violated += run(engine, Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
            }
        }
        System.exit(violated == 0 ? 0 : 1);
    }
}
