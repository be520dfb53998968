package dev.holdfast.model;

/**
 * A host that runs nodes.
 *
 * @param address the name or address at which databases and clients reach it
 * @param zone the failure domain with common power and network; empty if not declared
 * @param region the site of its zone; empty if not declared
 * @param reach how Holdfast opens a shell on it
 * @param directory the absolute directory on that host that contains everything of the estate
 * @param services what starts its servers after a reboot
 */
public record Host(
        String name,
        String address,
        String zone,
        String region,
        HostAccess reach,
        String directory,
        Services services) {

    public Host(String name, String address, String zone, String region, HostAccess reach, String directory) {
        this(name, address, zone, region, reach, directory, Services.AUTO);
    }

    /** Returns whether Holdfast asks the host about services: loopback hosts of one machine have none unless declared. */
    public boolean isAskedForServices() {
        return services != Services.AUTO || reach instanceof HostAccess.Ssh;
    }
}
