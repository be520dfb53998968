package dev.holdfast.model;

/**
 * A host that runs nodes.
 *
 * @param address the name or address at which databases and clients reach it
 * @param zone the failure domain with common power and network; empty if not declared
 * @param region the site of its zone; empty if not declared
 * @param reach how Holdfast opens a shell on it
 * @param directory the absolute directory on that host that contains everything of the estate
 */
public record Host(String name, String address, String zone, String region, HostAccess reach, String directory) {}
