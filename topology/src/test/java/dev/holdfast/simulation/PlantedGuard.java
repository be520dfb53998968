package dev.holdfast.simulation;

import java.util.function.Supplier;

/**
 * A guard of the product, the fault that takes it away, and a sequence that shows the loss of it.
 *
 * @param guard what the product does, as a sentence
 * @param fault a new one for each run
 * @param <W> the type of the simulated servers
 */
public record PlantedGuard<W>(String guard, Supplier<PlantedFault<W>> fault, SimulatedSequence sequence) {

    @Override
    public String toString() {
        return guard;
    }
}
