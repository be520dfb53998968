package dev.holdfast.config;

import dev.holdfast.model.HostAccess;

/** The directory of an estate on a host for which the topology declares none. */
@FunctionalInterface
public interface DefaultDirectory {

    /**
     * Returns an absolute path. The login on the host decides, and not the person who runs Holdfast: a second operator must find the
     * same servers.
     */
    String of(String estate, HostAccess reach);
}
