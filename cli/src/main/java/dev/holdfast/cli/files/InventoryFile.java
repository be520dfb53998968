package dev.holdfast.cli.files;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with an Ansible inventory, in INI or YAML. */
public final class InventoryFile {

    private InventoryFile() {}

    /** @throws HoldfastException USAGE with the place of what is not understood */
    public static Inventory read(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    file.toString(),
                    "the inventory cannot be read as UTF-8 text: " + unreadable.getMessage(),
                    "give the path of an Ansible inventory in INI or YAML");
        }
        String name = file.toString();
        Inventory inventory = new Inventory();
        if (name.endsWith(".yml") || name.endsWith(".yaml") || text.startsWith("---")) {
            YamlInventory.read(name, text, inventory);
        } else {
            new IniInventory(name, inventory).read(text);
        }
        return inventory;
    }
}
