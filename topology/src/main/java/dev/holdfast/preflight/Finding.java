package dev.holdfast.preflight;

/**
 * One thing that a host lacks.
 *
 * @param host the name of the host that reports it
 * @param peer the name of the other host of a connection; empty when none takes part
 * @param what the subject and what is wrong with it, as a sentence without a period
 * @param value what was observed; {@code unknown} when the host does not report it
 * @param limit what is needed or recommended
 */
public record Finding(
        String host, String peer, FindingCode code, Level level, String what, String value, String limit, String hint) {

    /** The value of what a host does not report. */
    public static final String UNKNOWN = "unknown";

    /** How serious a finding is. */
    public enum Level {
        /** A server fails or loses data. */
        ERROR,
        /** A recommendation of the vendor, or something that could not be observed. */
        WARNING,
        /** A fact to know. */
        INFORMATION
    }

    public static Finding error(String host, FindingCode code, String what, String value, String limit, String hint) {
        return new Finding(host, "", code, Level.ERROR, what, value, limit, hint);
    }

    public static Finding warning(String host, FindingCode code, String what, String value, String limit, String hint) {
        return new Finding(host, "", code, Level.WARNING, what, value, limit, hint);
    }

    /** Returns the finding that a host does not report something: that is never fine. */
    public static Finding unknown(String host, FindingCode code, String subject, String limit) {
        return warning(host, code, subject + " was not observed", UNKNOWN, limit, "look for it on the host " + host);
    }

    public boolean isError() {
        return level == Level.ERROR;
    }

    /** Returns whether this makes apply create no server on that host. */
    boolean stops(String name) {
        return isError() && code.stopsApply() && (host.equals(name) || peer.equals(name));
    }
}
