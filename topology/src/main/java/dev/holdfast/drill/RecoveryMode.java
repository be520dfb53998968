package dev.holdfast.drill;

/** How service is restored after a fault, and from when the recovery time counts. */
public enum RecoveryMode {
    /** The database recovers; counted from the fault. */
    BY_ITSELF("itself", "the database recovers by itself"),
    /** Holdfast recovers by the same failover that an operator types; counted from the fault. */
    BY_FAILOVER("failover", "Holdfast fails over, as an operator would"),
    /** The database recovers where it replaces its primary, else Holdfast by a failover; each cluster in its own way. */
    AS_EACH_CAN(
            "automatic",
            "clusters that replace a lost primary recover by themselves, and Holdfast fails over the others"),
    /** Recovery is impossible while the fault is active; counted from the revert. */
    BY_REVERT("revert", "recovery is impossible while the fault is active; service returns after the revert");

    private final String word;
    private final String sentence;

    RecoveryMode(String word, String sentence) {
        this.word = word;
        this.sentence = sentence;
    }

    /** Returns the name in a drill file. */
    public String word() {
        return word;
    }

    public String sentence() {
        return sentence;
    }
}
