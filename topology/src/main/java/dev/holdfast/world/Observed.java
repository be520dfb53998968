package dev.holdfast.world;

import java.time.Instant;
import java.util.List;

/** What all nodes of one cluster said at one moment; engines add what they know in records of their own. */
public interface Observed {

    Instant at();

    List<Observation> nodes();

    /** Sentences about what is not as it should be, worst first; empty means healthy. */
    List<String> complaints();
}
