package dev.holdfast.cli.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.util.Map;

/** A reader of Ansible inventories in YAML: groups with {@code hosts}, {@code vars} and {@code children}. */
final class YamlInventory {

    private final String file;
    private final Inventory inventory;

    private YamlInventory(String file, Inventory inventory) {
        this.file = file;
        this.inventory = inventory;
    }

    static void read(String file, String text, Inventory inventory) {
        YamlInventory reader = new YamlInventory(file, inventory);
        try {
            JsonNode tree = new ObjectMapper(new YAMLFactory()).readTree(text);
            if (tree == null || !tree.isObject()) {
                throw reader.wrong("", "the inventory is not a map of groups");
            }
            tree.properties().forEach(g -> reader.group(g.getKey(), g.getValue()));
        } catch (JsonProcessingException broken) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    file + ":"
                            + (broken.getLocation() == null
                                    ? 1
                                    : broken.getLocation().getLineNr()),
                    "this is not YAML: " + YamlErrors.inPlainWords(YamlErrors.firstLine(broken)),
                    "correct the YAML; an INI inventory must have a name without .yml or .yaml");
        }
    }

    private void group(String name, JsonNode content) {
        Inventory.Group group = inventory.group(name);
        if (content.isNull()) {
            return;
        }
        content.properties().forEach(part -> {
            JsonNode value = part.getValue();
            if (!value.isObject() && !value.isNull()) {
                throw wrong(name + "." + part.getKey(), "this is not a map");
            }
            switch (part.getKey()) {
                case "hosts" ->
                    value.properties().forEach(h -> {
                        group.hosts.add(h.getKey());
                        variables(h.getValue(), inventory.host(h.getKey()));
                    });
                case "vars" -> variables(value, group.variables);
                case "children" ->
                    value.properties().forEach(c -> {
                        group.children.add(c.getKey());
                        group(c.getKey(), c.getValue());
                    });
                default -> throw wrong(name, "a group has the keys hosts, vars and children, not " + part.getKey());
            }
        });
    }

    /** Takes the plain values; maps and lists are of no use here. */
    private static void variables(JsonNode values, Map<String, String> variables) {
        values.properties().forEach(v -> {
            if (v.getValue().isValueNode() && !v.getValue().isNull()) {
                variables.put(v.getKey(), v.getValue().asText());
            }
        });
    }

    private HoldfastException wrong(String place, String what) {
        return new HoldfastException(
                ExitCode.USAGE,
                place.isEmpty() ? file : file + ": " + place,
                what,
                "see `ansible-inventory --list` for what Ansible reads from the file");
    }
}
