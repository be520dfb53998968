package dev.holdfast.cli.metrics;

import dev.holdfast.cli.run.DrillHistory;
import dev.holdfast.cli.run.LoadedEstate;
import java.time.Duration;
import java.util.List;

/**
 * One observation of an estate for monitoring.
 *
 * @param observation what {@code status} shows, too
 * @param duration how long the observation took
 * @param drills the last run of each drill and target
 */
record ObservedEstate(LoadedEstate.Observation observation, Duration duration, List<DrillHistory.Run> drills) {}
