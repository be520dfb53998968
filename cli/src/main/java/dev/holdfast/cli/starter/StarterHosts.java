package dev.holdfast.cli.starter;

import dev.holdfast.cli.files.InventoryFile;
import dev.holdfast.cli.starter.StarterTopology.Login;
import dev.holdfast.cli.starter.StarterTopology.Machine;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hosts of a first topology file, from the command line or from an Ansible inventory.
 *
 * @param isLocal whether all hosts are this machine
 * @param user the SSH user; empty: the inventory's, or the user of this machine
 * @param key the private key; empty: the inventory's, or the default keys of SSH
 * @param isBySudo whether scripts run as root by sudo; an inventory says it with {@code ansible_become}
 */
public record StarterHosts(boolean isLocal, Optional<String> user, Optional<String> key, boolean isBySudo) {

    private static final Pattern YES = Pattern.compile("(?i)true|yes|on|1");

    /** @param hosts each {@code NAME} or {@code NAME=ADDRESS} */
    public List<Machine> of(List<String> hosts) {
        return hosts.stream().map(this::machine).toList();
    }

    /** @param group the group of the inventory whose hosts are returned */
    public List<Machine> of(Path inventory, String group) {
        return InventoryFile.read(inventory).hosts(group).entrySet().stream()
                .map(h -> machine(h.getKey(), new HostVariables(inventory, h.getValue())))
                .toList();
    }

    private Machine machine(String host) {
        int equals = host.indexOf('=');
        String address = equals < 0 ? "" : host.substring(equals + 1);
        return new Machine(
                equals < 0 ? host : host.substring(0, equals),
                Optional.of(address).filter(a -> !a.isEmpty()),
                Optional.empty(),
                Optional.empty(),
                isLocal
                        ? Optional.empty()
                        : Optional.of(new Login(
                                user.orElse(System.getProperty("user.name")), key, Optional.empty(), isBySudo)));
    }

    private Machine machine(String host, HostVariables variables) {
        boolean isAddress = host.matches("[0-9.]+");
        boolean isThisMachine = isLocal || "local".equals(variables.all().get("ansible_connection"));
        return new Machine(
                isAddress ? "ip-" + host.replace('.', '-') : host,
                variables.value("ansible_host").or(() -> isAddress ? Optional.of(host) : Optional.empty()),
                variables.value("zone"),
                variables.value("region"),
                isThisMachine ? Optional.empty() : Optional.of(login(variables)));
    }

    private Login login(HostVariables variables) {
        return new Login(
                user.or(() -> variables.value("ansible_user")).orElse(System.getProperty("user.name")),
                key.or(() -> variables.value("ansible_ssh_private_key_file")),
                variables.value("ansible_port"),
                isBySudo
                        || YES.matcher(variables.value("ansible_become").orElse(""))
                                .matches());
    }

    /** The variables of one host in an inventory. */
    private record HostVariables(Path inventory, Map<String, String> all) {

        /** Returns the value of a variable; throws an exception when only Ansible can evaluate the value. */
        Optional<String> value(String variable) {
            Optional<String> value = Optional.ofNullable(all.get(variable));
            if (value.filter(v -> v.contains("{{")).isPresent()) {
                throw new HoldfastException(
                        ExitCode.USAGE,
                        inventory + ": " + variable,
                        "the value is a template, which only Ansible can evaluate: " + value.get(),
                        "write the value itself in the inventory, or give --hosts");
            }
            return value;
        }
    }
}
