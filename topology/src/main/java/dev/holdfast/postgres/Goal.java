package dev.holdfast.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a restore starts from and where its replay ends.
 *
 * @param system whose backups
 * @param label of the base copy
 * @param setting which recovery target
 * @param value of that target
 * @param isInclusive whether what is exactly at the target comes back too
 * @param archivesFirst the moment is not archived yet, and the primary can archive it now
 * @param size of the database in the base copy
 */
record Goal(
        String system,
        String label,
        String setting,
        String value,
        boolean isInclusive,
        boolean archivesFirst,
        long size) {

    /** One line that tells it: it is kept where the data is brought back, so that a killed restore goes on with the same. */
    String line() {
        return String.join(" ", system, label, setting, Boolean.toString(isInclusive), value);
    }

    static Optional<Goal> of(String line) {
        String[] f = line.split(" ", 5);
        return f.length < 5
                ? Optional.empty()
                : Optional.of(new Goal(f[0], f[1], f[2], f[4], Boolean.parseBoolean(f[3]), false, 0));
    }

    /** Whether both end at the same moment, whatever they start from. */
    boolean isTo(Goal other) {
        return system.equals(other.system)
                && setting.equals(other.setting)
                && value.equals(other.value)
                && isInclusive == other.isInclusive;
    }

    /** @param pauses whether it stands still at the target, so that it can be looked at before anybody writes */
    Map<String, String> settings(boolean pauses) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("synchronous_standby_names", "");
        settings.put("primary_conninfo", "");
        settings.put("primary_slot_name", "");
        settings.put("recovery_target_" + setting, value);
        if (!setting.equals("name")) {
            settings.put("recovery_target_inclusive", isInclusive ? "on" : "off");
        }
        settings.put("recovery_target_action", pauses ? "pause" : "promote");
        return settings;
    }
}
