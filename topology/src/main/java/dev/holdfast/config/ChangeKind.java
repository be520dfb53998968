package dev.holdfast.config;

/** How a changed value of a key reaches a running estate. */
public enum ChangeKind {
    /** {@code apply} changes it while the servers run. */
    LIVE("applied live"),
    /** {@code apply} restarts servers, one after another. */
    ROLLING("rolling"),
    /** {@code apply} adds the new server or process first, and then stops the one that it replaces. */
    REPLACEMENT("by replacement"),
    /** Another command than {@code apply} changes it. */
    COMMAND("with a command"),
    /** {@code plan} and {@code apply} refuse the change and name the way to do it. */
    REFUSED("refused"),
    /** No server has this value: commands read it from the file. */
    NOT_ON_SERVERS("not on servers");

    private final String words;

    ChangeKind(String words) {
        this.words = words;
    }

    /** Returns the words for the reference page. */
    public String words() {
        return words;
    }
}
