package dev.holdfast.postgres.backup;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a restore starts from and where its replay ends.
 *
 * @param system whose backups
 * @param label of the base copy
 * @param setting which recovery target; with {@code @} and a number behind it where the replay follows that timeline
 * @param value of that target
 * @param isInclusive whether what is exactly at the target comes back too
 * @param archivesFirst the moment is not archived yet, and the primary can archive it now
 * @param size of the database in the base copy
 */
public record ReplayTarget(
        String system,
        String label,
        String setting,
        String value,
        boolean isInclusive,
        boolean archivesFirst,
        long size) {

    /** As a setting: the place in the log was the last that could be reached when the restore was begun. */
    static final String LATEST = "latest";

    /** One line that tells it: it is kept where the data is brought back, so that a killed restore goes on with the same. */
    public String line() {
        return String.join(" ", system, label, setting, Boolean.toString(isInclusive), value);
    }

    public static Optional<ReplayTarget> of(String line) {
        String[] f = line.split(" ", 5);
        return f.length < 5
                ? Optional.empty()
                : Optional.of(new ReplayTarget(f[0], f[1], f[2], f[4], Boolean.parseBoolean(f[3]), false, 0));
    }

    /** The same on a timeline that the servers have left. */
    ReplayTarget on(int timeline) {
        return new ReplayTarget(system, label, setting + "@" + timeline, value, isInclusive, archivesFirst, size);
    }

    /** Which recovery target, on whatever timeline. */
    public String target() {
        String bare = setting.replaceFirst("@.*", "");
        return bare.equals(LATEST) ? "lsn" : bare;
    }

    public boolean isLatest() {
        return setting.replaceFirst("@.*", "").equals(LATEST);
    }

    /** The timeline that the replay follows; empty: the newest. */
    public Optional<String> timeline() {
        return setting.contains("@") ? Optional.of(setting.replaceFirst(".*@", "")) : Optional.empty();
    }

    /** Whether both end at the same moment, whatever they start from. */
    public boolean isTo(ReplayTarget other) {
        return system.equals(other.system)
                && setting.equals(other.setting)
                && value.equals(other.value)
                && isInclusive == other.isInclusive;
    }

    /** The same, on whatever timeline: what a restore has brought back may lie on one that the servers left by it. */
    public boolean isToOnAny(ReplayTarget other) {
        return system.equals(other.system)
                && target().equals(other.target())
                && value.equals(other.value)
                && isInclusive == other.isInclusive;
    }

    /** @param pauses whether it stands still at the target, so that it can be looked at before anybody writes */
    public Map<String, String> settings(boolean pauses) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("synchronous_standby_names", "");
        settings.put("primary_conninfo", "");
        settings.put("primary_slot_name", "");
        settings.put("recovery_target_" + target(), value);
        timeline().ifPresent(t -> settings.put("recovery_target_timeline", t));
        if (!target().equals("name")) {
            settings.put("recovery_target_inclusive", isInclusive ? "on" : "off");
        }
        settings.put("recovery_target_action", pauses ? "pause" : "promote");
        return settings;
    }
}
