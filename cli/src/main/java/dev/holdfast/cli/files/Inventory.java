package dev.holdfast.cli.files;

import dev.holdfast.config.Suggestion;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An Ansible inventory: hosts in groups, with the variables of both. */
public final class Inventory {

    /** The group that contains every other one. */
    static final String ALL = "all";

    /** A group with its own hosts, variables and subgroups. */
    static final class Group {
        final Set<String> hosts = new LinkedHashSet<>();
        final Set<String> children = new LinkedHashSet<>();
        final Map<String, String> variables = new LinkedHashMap<>();
    }

    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> hosts = new LinkedHashMap<>();

    Inventory() {
        group(ALL);
    }

    Group group(String name) {
        return groups.computeIfAbsent(name, n -> new Group());
    }

    /** Returns the variables of a host, which is added when it is new. */
    Map<String, String> host(String name) {
        return hosts.computeIfAbsent(name, n -> new LinkedHashMap<>());
    }

    /**
     * Returns the hosts of a group and its subgroups with their variables. A variable of a host takes precedence over that of its
     * group, and that of a subgroup over that of a group.
     *
     * @throws HoldfastException USAGE when there is no such group or it has no hosts
     */
    public Map<String, Map<String, String>> hosts(String group) {
        if (!groups.containsKey(group)) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--group " + group,
                    "the inventory has no such group",
                    Suggestion.hint(group, groups.keySet(), "the groups are: "));
        }
        Map<String, Map<String, String>> found = new LinkedHashMap<>();
        members(group, new LinkedHashSet<>()).forEach(h -> found.put(h, new LinkedHashMap<>(group(ALL).variables)));
        inherit(found, ALL.equals(group) ? roots() : List.of(group), new LinkedHashSet<>());
        found.forEach((host, variables) -> variables.putAll(host(host)));
        if (found.isEmpty()) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--group " + group,
                    "the group has no hosts",
                    "name another group of the inventory");
        }
        return found;
    }

    /** Returns the groups that are in no other one. */
    private List<String> roots() {
        Set<String> inner = new LinkedHashSet<>();
        groups.forEach((name, g) -> {
            if (!name.equals(ALL)) {
                inner.addAll(g.children);
            }
        });
        return groups.keySet().stream().filter(n -> !inner.contains(n)).toList();
    }

    private void inherit(Map<String, Map<String, String>> found, List<String> names, Set<String> above) {
        for (String name : names) {
            if (!above.add(name)) {
                continue; // a group that contains itself
            }
            Group group = group(name);
            members(name, new LinkedHashSet<>()).forEach(h -> {
                if (found.containsKey(h)) {
                    found.get(h).putAll(group.variables);
                }
            });
            inherit(found, new ArrayList<>(group.children), above);
            above.remove(name);
        }
    }

    private Set<String> members(String name, Set<String> visited) {
        Set<String> members = new LinkedHashSet<>();
        if (name.equals(ALL)) {
            members.addAll(hosts.keySet());
        } else if (visited.add(name)) {
            members.addAll(group(name).hosts);
            group(name).children.forEach(c -> members.addAll(members(c, visited)));
        }
        return members;
    }
}
