package dev.holdfast.execution;

/**
 * One sentence about what is not as it should be.
 *
 * @param gravity what it means for those who use the cluster
 * @param says for people, with the way out where one command or one deed leads out
 */
public record HealthProblem(Gravity gravity, String says) {

    /** What a complaint means for those who use the cluster. */
    public enum Gravity {
        /** Something needs attention; service and protection are there. */
        MINOR,
        /** Service or protection is lost: no primary, more than one, or fewer standbys in sync than declared. */
        GRAVE
    }

    public static HealthProblem minor(String says) {
        return new HealthProblem(Gravity.MINOR, says);
    }

    public static HealthProblem grave(String says) {
        return new HealthProblem(Gravity.GRAVE, says);
    }

    public boolean isGrave() {
        return gravity == Gravity.GRAVE;
    }
}
