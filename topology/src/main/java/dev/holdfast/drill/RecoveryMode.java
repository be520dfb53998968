package dev.holdfast.drill;

/** Who brings the service back after a break, and from when its recovery time is counted. */
public enum RecoveryMode {
    /** The database itself; counted from the break. */
    BY_ITSELF("itself", "the database recovers by itself"),
    /** Holdfast, by the same failover that an operator types; counted from the break. */
    BY_FAILOVER("failover", "Holdfast fails over, as an operator would"),
    /** The database where it elects its primary, else Holdfast by a failover; each cluster its own way. */
    AS_EACH_CAN("automatic", "what elects recovers by itself, the rest is failed over by Holdfast"),
    /** Nobody can while the fault stays; counted from its mend. */
    BY_REVERT("mend", "nobody can while the fault stays; it ends with the mend");

    private final String word;
    private final String sentence;

    RecoveryMode(String word, String sentence) {
        this.word = word;
        this.sentence = sentence;
    }

    /** As it is written in a drill file. */
    public String word() {
        return word;
    }

    public String sentence() {
        return sentence;
    }
}
