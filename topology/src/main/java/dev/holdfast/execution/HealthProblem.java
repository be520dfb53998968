package dev.holdfast.execution;

/**
 * A problem of a cluster, as one sentence with its gravity.
 *
 * @param gravity what the problem means for the users of the cluster
 * @param description the description, with the solution when one command or action solves it
 */
public record HealthProblem(Gravity gravity, String description) {

    /** The effect of a problem on the users of the cluster. */
    public enum Gravity {
        /** The cluster needs attention; service and protection are available. */
        MINOR,
        /** Service or protection is lost: no primary, more than one, or fewer standbys in sync than declared. */
        GRAVE
    }

    public static HealthProblem minor(String description) {
        return new HealthProblem(Gravity.MINOR, description);
    }

    public static HealthProblem grave(String description) {
        return new HealthProblem(Gravity.GRAVE, description);
    }

    public boolean isGrave() {
        return gravity == Gravity.GRAVE;
    }
}
