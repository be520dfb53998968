package dev.holdfast.simulation;

import dev.holdfast.simulation.SimulatedEvent.Disturbance;
import dev.holdfast.world.FakeWorld;
import java.util.List;

/** Hosts, servers, clients and the machine of the operator, and what happens to them between and in commands. */
public interface SimulatedEstate {

    FakeWorld world();

    /** Lets an event happen that is not a command. */
    void happen(SimulatedEvent event);

    /** Disturbs the commands from now on. */
    void disturb(Disturbance how, int at);

    /** Returns whether anything is cut off, frozen, stalled or switched off. */
    boolean isAnythingAway();

    /** Lets what was cut off, frozen, stalled or switched off come back; no server is started by that. */
    void planReturn();

    /** Switches off every host that does not answer, as an honest operator does who confirms that they are off. */
    void switchOffSilentHosts();

    List<String> members();

    /** Returns the number of servers that run as primary. */
    int primaries();

    /** Returns the first thing that is wrong; empty when the declared state is reached and no write is missing. */
    String wrong();

    /** Returns the state of every server in one line, for people. */
    String state();

    Violations violations();

    /**
     * Tells the invariants that a command starts.
     *
     * @param bound the greatest loss that the last refusal has named; empty when none was named
     */
    void commandStarts(String command, String bound);
}
