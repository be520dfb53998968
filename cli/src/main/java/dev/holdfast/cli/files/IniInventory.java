package dev.holdfast.cli.files;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A reader of Ansible inventories in INI: sections for hosts, children and variables, comments, quotes and ranges of numbers. */
final class IniInventory {

    private static final Pattern SECTION = Pattern.compile("\\[([^\\]:\\s]+)(?::(\\w+))?\\]\\s*(?:[#;].*)?");
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"'#]+|\"[^\"]*\"|'[^']*'|(?<=\\S)#)+");
    private static final Pattern RANGE = Pattern.compile("\\[(\\d{1,6}):(\\d{1,6})\\]");
    private static final int MOST_HOSTS = 1000;

    private final String file;
    private final Inventory inventory;
    private int line;
    private String section = "ungrouped";
    private String kind = "hosts";

    IniInventory(String file, Inventory inventory) {
        this.file = file;
        this.inventory = inventory;
    }

    void read(String text) {
        for (String raw : text.split("\\R", -1)) {
            line++;
            String content = raw.strip();
            if (!content.isEmpty() && content.charAt(0) != '#' && content.charAt(0) != ';') {
                read(content, raw);
            }
        }
    }

    private void read(String content, String raw) {
        if (content.startsWith("[") && !RANGE.matcher(content).lookingAt()) {
            begin(content);
        } else if (kind.equals("vars")) {
            variable(content);
        } else if (kind.equals("children")) {
            inventory.group(section).children.add(words(content).get(0));
            inventory.group(words(content).get(0));
        } else {
            host(content, raw);
        }
    }

    private void begin(String content) {
        Matcher header = SECTION.matcher(content);
        if (!header.matches()) {
            throw wrong("this is not a section", "write [group], [group:children] or [group:vars]");
        }
        section = header.group(1);
        kind = header.group(2) == null ? "hosts" : header.group(2);
        if (!List.of("hosts", "vars", "children").contains(kind)) {
            throw wrong("unknown kind of section: " + kind, "write [group], [group:children] or [group:vars]");
        }
        inventory.group(section);
    }

    private void variable(String content) {
        int equals = content.indexOf('=');
        if (equals < 1) {
            throw wrong("a variable has no =", "write name=value");
        }
        String value = content.substring(equals + 1).strip();
        inventory.group(section).variables.put(content.substring(0, equals).strip(), unquoted(value));
    }

    private void host(String content, String raw) {
        List<String> words = words(content);
        for (String name : names(words.get(0))) {
            Map<String, String> variables = inventory.host(name);
            for (String word : words.subList(1, words.size())) {
                int equals = word.indexOf('=');
                if (equals < 1) {
                    throw wrong("\"" + word + "\" after a host is no variable: " + raw.strip(), "write name=value");
                }
                variables.put(word.substring(0, equals), unquoted(word.substring(equals + 1)));
            }
            inventory.group(section).hosts.add(name);
        }
    }

    /** Returns the hosts of a range such as db[1:3]; leading zeros are kept. */
    private List<String> names(String pattern) {
        Matcher range = RANGE.matcher(pattern);
        if (!range.find()) {
            if (pattern.contains("[")) {
                throw wrong("the range in " + pattern + " is not supported", "write db[1:3], or one host per line");
            }
            return List.of(pattern);
        }
        int first = Integer.parseInt(range.group(1));
        int last = Integer.parseInt(range.group(2));
        if (last < first || last - first >= MOST_HOSTS) {
            throw wrong("the range in " + pattern + " has no hosts or too many", "write db[1:3]");
        }
        List<String> names = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            String number = String.valueOf(i);
            String zeros = "0".repeat(Math.max(0, range.group(1).length() - number.length()));
            names.addAll(names(pattern.substring(0, range.start()) + zeros + number + pattern.substring(range.end())));
        }
        return names;
    }

    private List<String> words(String content) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(content);
        int end = 0;
        while (word.find()) {
            String gap = content.substring(end, word.start());
            if (gap.contains("#")) {
                return words;
            }
            mustBeSpace(gap);
            words.add(word.group());
            end = word.end();
        }
        String rest = content.substring(end).strip();
        mustBeSpace(rest.startsWith("#") ? "" : rest);
        return words;
    }

    /** Between words only a quote without its partner is left over. */
    private void mustBeSpace(String gap) {
        if (!gap.isBlank()) {
            throw wrong("quotes have no end", "close the quotes");
        }
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() > 1
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    private HoldfastException wrong(String what, String hint) {
        return new HoldfastException(ExitCode.USAGE, file + ":" + line, what, hint);
    }
}
