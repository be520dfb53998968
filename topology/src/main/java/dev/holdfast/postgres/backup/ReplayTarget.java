package dev.holdfast.postgres.backup;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The base backup from which a restore starts, and the recovery target at which its replay ends.
 *
 * @param system identifier of the system whose backups they are
 * @param label of the base backup
 * @param setting the recovery target setting; a suffix {@code @N} names the timeline that the replay follows
 * @param value of that target
 * @param isInclusive whether the transaction exactly at the target is included
 * @param archivesFirst whether the primary must archive the target first
 * @param size of the database in the base backup
 */
public record ReplayTarget(
        String system,
        String label,
        String setting,
        String value,
        boolean isInclusive,
        boolean archivesFirst,
        long size) {

    /** A setting: the LSN was the last reachable one when the restore started. */
    static final String LATEST = "latest";

    /**
     * Returns the target as one line. The destination stores it, so that an interrupted restore continues with the same target.
     */
    public String line() {
        return String.join(" ", system, label, setting, Boolean.toString(isInclusive), value);
    }

    public static Optional<ReplayTarget> of(String line) {
        String[] f = line.split(" ", 5);
        return f.length < 5
                ? Optional.empty()
                : Optional.of(new ReplayTarget(f[0], f[1], f[2], f[4], Boolean.parseBoolean(f[3]), false, 0));
    }

    /** Returns the same target on a timeline that the servers have left. */
    ReplayTarget on(int timeline) {
        return new ReplayTarget(system, label, setting + "@" + timeline, value, isInclusive, archivesFirst, size);
    }

    /** Returns the recovery target setting without a timeline. */
    public String target() {
        String bare = setting.replaceFirst("@.*", "");
        return bare.equals(LATEST) ? "lsn" : bare;
    }

    public boolean isLatest() {
        return setting.replaceFirst("@.*", "").equals(LATEST);
    }

    /** Returns the timeline that the replay follows; empty for the newest. */
    public Optional<String> timeline() {
        return setting.contains("@") ? Optional.of(setting.replaceFirst(".*@", "")) : Optional.empty();
    }

    /** Returns whether both end at the same point, regardless of the base backup. */
    public boolean isTo(ReplayTarget other) {
        return system.equals(other.system)
                && setting.equals(other.setting)
                && value.equals(other.value)
                && isInclusive == other.isInclusive;
    }

    /** Returns the same regardless of the timeline: the restored point may be on a timeline that the restore left. */
    public boolean isToOnAny(ReplayTarget other) {
        return system.equals(other.system)
                && target().equals(other.target())
                && value.equals(other.value)
                && isInclusive == other.isInclusive;
    }

    /** @param pauses whether replay pauses at the target, for verification before the first write */
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
