package dev.holdfast.execution;

/**
 * One sentence about what is not as it should be.
 *
 * @param gravity what it means for those who use the cluster
 * @param description for people, with the way out where one command or one deed leads out
 */
public record HealthProblem(Gravity gravity, String description) {

    /** What a complaint means for those who use the cluster. */
    public enum Gravity {
        /** Something needs attention; service and protection are there. */
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
