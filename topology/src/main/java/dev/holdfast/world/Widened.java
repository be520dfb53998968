package dev.holdfast.world;

import java.time.Instant;
import java.util.List;

/** What nodes said, with something more about it; of the nodes themselves it tells what they said. */
public interface Widened extends Observed {

    /** What is widened. */
    Observed observed();

    @Override
    default Instant at() {
        return observed().at();
    }

    @Override
    default List<Observation> nodes() {
        return observed().nodes();
    }

    @Override
    default List<String> complaints() {
        return observed().complaints();
    }
}
