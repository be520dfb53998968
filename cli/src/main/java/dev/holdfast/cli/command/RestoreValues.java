package dev.holdfast.cli.command;

import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The values of the options of {@code restore} that say what is restored, and where to. An unusable value is wrong usage.
 *
 * @param target the cluster or the estate, for messages
 * @param to recovery target; null when not given
 * @param beforeOperation the operation before which the restore ends; null when not given
 * @param system system identifier; null when not given
 */
record RestoreValues(String target, String to, String beforeOperation, String into, String label, String system) {

    static final String SIDE_BY_SIDE = "side-by-side";
    static final String IN_PLACE = "in-place";

    RecoveryTarget recoveryTarget() {
        if ((to == null) == (beforeOperation == null)) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    target,
                    to == null ? "the recovery target is missing" : "--to and --before-op are two recovery targets",
                    "give --to TIME|LSN|NAME or --before-op 'drop social.message'; holdfast backup list shows the"
                            + " recovery windows");
        }
        return to != null ? RecoveryTarget.of(to) : new RecoveryTarget.BeforeOperation(beforeOperation);
    }

    Optional<String> systemIdentifier() {
        if (system != null && !system.matches("[0-9]{1,20}")) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--system " + system,
                    "a system identifier is a number",
                    "holdfast backup list shows the systems in the repository");
        }
        return Optional.ofNullable(system);
    }

    RestoreRequest.Destination destination(Topology source) {
        if (into.equals(SIDE_BY_SIDE)) {
            return new RestoreRequest.SideBySide(label);
        }
        if (into.equals(IN_PLACE)) {
            return new RestoreRequest.InPlace();
        }
        if (!Files.isRegularFile(Path.of(into))) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    into,
                    "there is no topology file at this path",
                    "--into side-by-side, in-place, or the path of a topology file");
        }
        return new RestoreRequest.OtherEstate(source);
    }
}
