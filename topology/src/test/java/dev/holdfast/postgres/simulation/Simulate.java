package dev.holdfast.postgres.simulation;

import dev.holdfast.postgres.simulation.Simulation.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Runs sequences for a time, and prints the rate, the violations by kind, and how often each row of the tables has decided. */
final class Simulate {

    private Simulate() {}

    /** Prints for each planted fault what its own sequence shows, and the first of some seeds that finds it. */
    private static void faults(int most) {
        PlantedFaults.ALL.forEach(planted -> {
            Simulation simulation = new Simulation(planted.fault());
            Optional<Result> found = LongStream.range(0, most)
                    .mapToObj(simulation::run)
                    .filter(Result::isViolated)
                    .findFirst();
            System.out.println(planted + ":\n  with it: "
                    + new Simulation().run(planted.sequence()).violation() + "\n  without: "
                    + simulation.run(planted.sequence()).violation()
                    + "\n  "
                    + found.map(r -> "seed " + r.sequence().seed() + ": " + r.violation())
                            .orElse("in no seed up to " + most));
        });
    }

    /** @param arguments the first seed and the seconds */
    public static void main(String[] arguments) {
        if (arguments[0].equals("faults")) {
            faults(Integer.parseInt(arguments[1]));
            return;
        }
        long first = Long.parseLong(arguments[0]);
        long end = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000_000L;
        Simulation simulation = new Simulation();
        Map<String, Integer> kinds = new LinkedHashMap<>();
        long begin = System.nanoTime();
        long seed = first;
        for (; System.nanoTime() < end; seed++) {
            Result result = simulation.run(seed);
            if (result.isViolated() && kinds.merge(result.kind(), 1, Integer::sum) == 1) {
                System.out.println(simulation.shrunk(result) + "\n");
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        simulation.coverage().lines().forEach(System.out::println);
        System.out.printf(
                "rows: %d of %d reached%n",
                simulation.coverage().size() - simulation.coverage().unreached().size(),
                simulation.coverage().size());
        kinds.forEach((kind, count) -> System.out.println(count + " times: " + kind));
        System.out.printf(
                "seeds %d to %d: %d sequences in %.0f s, %.0f per second; %d with a violation%n",
                first,
                seed - 1,
                seed - first,
                seconds,
                (seed - first) / seconds,
                kinds.values().stream().mapToInt(Integer::intValue).sum());
        System.exit(kinds.isEmpty() ? 0 : 1);
    }
}
