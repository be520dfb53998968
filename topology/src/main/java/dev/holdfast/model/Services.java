package dev.holdfast.model;

/** What starts the servers of a host after a reboot. */
public enum Services {
    /** Units of systemd on hosts that Holdfast reaches by SSH, where the login can have units; elsewhere nothing. */
    AUTO,
    /** Units of systemd; a host where the login cannot have them is a difference. */
    SYSTEMD,
    /** Nothing: servers are plain processes, and units of an earlier declaration are removed. */
    NONE
}
