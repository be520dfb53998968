package dev.holdfast.postgres.state;

/**
 * Why a server must not be started: the line in its folder's file {@code fence}.
 *
 * @param kind {@link #FAILOVER}, {@link #SWITCHOVER} or {@link #RESTORE}
 * @param timeline on which it was primary
 * @param to who was to become primary in its place; empty when that was still open
 * @param at when, as RFC 3339
 */
public record FenceMark(String kind, int timeline, String to, String at) {

    public static final String FAILOVER = "failover";
    public static final String SWITCHOVER = "switchover";
    public static final String RESTORE = "restore";

    static FenceMark of(String line) {
        String[] f = line.split(" ", -1);
        if (f.length < 4 || !f[1].matches("[0-9]{1,9}")) {
            return new FenceMark(line, 0, "", "");
        }
        return new FenceMark(f[0], Integer.parseInt(f[1]), f[2].equals("-") ? "" : f[2], f[3]);
    }

    public String line() {
        return kind + " " + timeline + " " + (to.isEmpty() ? "-" : to) + " " + at;
    }

    public boolean isSwitchover() {
        return kind.equals(SWITCHOVER);
    }

    public boolean isFailover() {
        return kind.equals(FAILOVER);
    }

    public boolean isRestore() {
        return kind.equals(RESTORE);
    }

    /** For people: what fenced it. */
    public String description() {
        if (isRestore()) {
            return "a restore in place has stopped it at " + at;
        }
        return "a " + kind + (at.isEmpty() ? "" : " at " + at)
                + (timeline > 0 ? " ended its part as primary on timeline " + timeline : "")
                + (to.isEmpty() ? "" : " for " + to);
    }
}
