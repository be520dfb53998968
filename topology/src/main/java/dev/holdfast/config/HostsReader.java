package dev.holdfast.config;

import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Services;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The reader of the estate's hosts. */
final class HostsReader {

    private HostsReader() {}

    /**
     * @param directory the default directory of a host that is reached in this way
     * @param services the estate's services, the default for hosts
     */
    static Map<String, Host> read(ConfigCursor hosts, Function<HostAccess, String> directory, String services) {
        Map<String, Host> byName = new LinkedHashMap<>();
        for (ConfigCursor host : hosts.entries()) {
            byName.put(host.name(), host(host, directory, services));
        }
        return byName;
    }

    private static Host host(ConfigCursor keys, Function<HostAccess, String> directory, String services) {
        HostAccess reach = reach(keys.at("reach"));
        ConfigCursor address = keys.at("address");
        checkAddress(address);
        return new Host(
                keys.name(),
                address.text(keys.name()),
                keys.at("zone").text(""),
                keys.at("region").text(""),
                reach,
                trimmed(keys.at("directory").text(directory.apply(reach))),
                services(keys.at("services").text(services)),
                binaries(keys.at("binaries")));
    }

    private static Map<String, String> binaries(ConfigCursor keys) {
        Map<String, String> byEngine = new LinkedHashMap<>();
        keys.entries().forEach(e -> byEngine.put(e.name(), trimmed(e.text(""))));
        return byEngine;
    }

    private static Services services(String word) {
        return switch (word) {
            case "systemd" -> Services.SYSTEMD;
            case "none" -> Services.NONE;
            default -> Services.AUTO;
        };
    }

    private static void checkAddress(ConfigCursor address) {
        String text = address.text("");
        boolean isIp = !text.isEmpty() && text.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
        if (isIp && !isIpv4(text)) {
            address.wrong(
                    ValueValidator.quoted(address.written()) + " is not an IPv4 address",
                    "write four numbers from 0 to 255, such as 10.0.0.1");
        } else if (text.equals("0.0.0.0")) {
            address.wrong(
                    "0.0.0.0 means every address of a host; other hosts cannot reach it",
                    "write the host's own address");
        }
    }

    private static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return parts.length == 4;
    }

    private static HostAccess reach(ConfigCursor reach) {
        ConfigCursor ssh = reach.at("ssh");
        if (!ssh.isPresent()) {
            return new HostAccess.Local();
        }
        return new HostAccess.Ssh(
                ssh.at("user").text(""),
                ssh.at("port").whole().orElse(0),
                ssh.at("key").text(""),
                ssh.at("knownHosts").text(""),
                ssh.at("host").text(""),
                ssh.at("config").text(""),
                ssh.at("become").text("").equals("sudo"));
    }

    static String trimmed(String folder) {
        return folder.length() > 1 && folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    }
}
