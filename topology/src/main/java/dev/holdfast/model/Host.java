package dev.holdfast.model;

/**
 * A machine to type on.
 *
 * @param address the name or address that databases and clients reach it by
 * @param zone the failure domain it shares power and network with; empty when not declared
 * @param region the site its zone belongs to; empty when not declared
 * @param reach how Holdfast gets a shell on it
 * @param directory absolute folder on that machine under which everything of the estate lives
 */
public record Host(String name, String address, String zone, String region, HostAccess reach, String directory) {}
