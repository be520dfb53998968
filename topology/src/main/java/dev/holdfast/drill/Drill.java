package dev.holdfast.drill;

import dev.holdfast.drill.fault.Fault;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/**
 * Something that is broken on purpose under load, how it recovers, and what must be true afterwards.
 *
 * @param name as it is typed, e.g. {@code mongo-primary-kill}
 * @param story what happens, as a DBA would tell it
 * @param engine whose clusters it is for
 * @param part the part that the struck group plays
 * @param fault what is done to them; a step-down is asked for where it is empty
 * @param recovery who brings the service back
 * @param hold how long the fault stays, at least
 * @param claims the names of what is judged afterwards
 * @param untested what this drill does not show, in sentences
 */
public record Drill(
        String name,
        String story,
        String engine,
        Part part,
        Aim aim,
        List<Fault> fault,
        Recovery recovery,
        Duration hold,
        List<String> claims,
        List<String> untested) {

    /** Who brings the service back, and from when its recovery time is counted. */
    public enum Recovery {
        /** The database itself; counted from the break. */
        BY_ITSELF,
        /** Holdfast, by the same failover that an operator types; counted from the break. */
        BY_FAILOVER,
        /** Holdfast, by a planned switchover; counted from its beginning. */
        BY_SWITCHOVER,
        /** Nobody can while the fault stays; counted from its mend. */
        BY_MEND
    }

    public Drill {
        fault = List.copyOf(fault);
        claims = List.copyOf(claims);
        untested = List.copyOf(untested);
    }
}
