package dev.holdfast.model;

import java.util.Map;

/**
 * A host that runs nodes.
 *
 * @param address the name or address at which databases and clients reach it
 * @param zone the failure domain with common power and network; empty if not declared
 * @param region the site of its zone; empty if not declared
 * @param reach how Holdfast opens a shell on it
 * @param directory the absolute directory on that host that contains everything of the estate
 * @param services what starts its servers after a reboot
 * @param binaries the directories of server programs on it, by engine; an engine without an entry has that of its cluster
 */
public record Host(
        String name,
        String address,
        String zone,
        String region,
        HostAccess reach,
        String directory,
        Services services,
        Map<String, String> binaries) {

    public Host(String name, String address, String zone, String region, HostAccess reach, String directory) {
        this(name, address, zone, region, reach, directory, Services.AUTO, Map.of());
    }

    /** Returns the same host with another directory for everything of the estate. */
    public Host withDirectory(String other) {
        return new Host(name, address, zone, region, reach, other, services, binaries);
    }

    /** Returns whether Holdfast asks the host about services: loopback hosts of one machine have none unless declared. */
    public boolean isAskedForServices() {
        return services != Services.AUTO || reach instanceof HostAccess.Ssh;
    }
}
