package dev.holdfast.ledger;

import java.util.Map;

/**
 * The former names of claims, which readers still accept. Ledgers of earlier versions contain them for good; drill
 * files are accepted with them for one minor version.
 */
public final class FormerClaims {

    private static final Map<String, String> PRESENT = Map.ofEntries(
            Map.entry("nothing-lost", "no-acknowledged-write-lost"),
            Map.entry("nothing-invented", "no-unexpected-writes"),
            Map.entry("took-effect", "fault-took-effect"),
            Map.entry("recovered-in-time", "recovered-within-rto"),
            Map.entry("loss-within-objective", "loss-within-rpo"),
            Map.entry("loss-within-bound", "loss-within-prediction"),
            Map.entry("came-home", "primary-returned"),
            Map.entry("phases-add-up", "recovery-phases-consistent"),
            Map.entry("others-untouched", "other-clients-unaffected"),
            Map.entry("carried-on", "no-visible-outage"),
            Map.entry("served-again", "service-restored"),
            Map.entry("archives-again", "archiving-resumed"),
            Map.entry("moment-exact", "recovery-target-exact"),
            Map.entry("brought-back", "restore-completed"),
            Map.entry("own-invariants", "custom-invariants"),
            Map.entry("ends-whole", "estate-healthy"),
            Map.entry("ran-to-its-end", "drill-completed"));

    private FormerClaims() {}

    /** Returns the present name of a claim, which can be the given one. */
    public static String present(String name) {
        return PRESENT.getOrDefault(name, name);
    }
}
