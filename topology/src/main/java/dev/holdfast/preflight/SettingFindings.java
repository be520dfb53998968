package dev.holdfast.preflight;

import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.engine.NodeNeeds.Comparison;
import dev.holdfast.engine.NodeNeeds.Setting;
import dev.holdfast.preflight.PreflightRecords.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The processor, limits, settings of the kernel, and the first process. */
final class SettingFindings {

    private static final String UNLIMITED = "unlimited";

    private SettingFindings() {}

    static List<Finding> of(EstateNeeds needs, List<HostObservation> hosts) {
        List<Finding> findings = new ArrayList<>();
        for (HostObservation host : hosts) {
            strictest(host, needs.on(host.host())).forEach(s -> setting(host, s).ifPresent(findings::add));
        }
        return findings;
    }

    /** Returns each setting once, with the strictest number of all servers on the host. */
    private static List<Setting> strictest(HostObservation host, List<NodeNeeds> nodes) {
        Set<Setting> all = new LinkedHashSet<>();
        for (NodeNeeds node : nodes) {
            node.settings().stream().filter(s -> applies(host, node, s)).forEach(all::add);
        }
        Map<String, Setting> numbers = new LinkedHashMap<>();
        List<Setting> kept = new ArrayList<>();
        for (Setting setting : all) {
            if (isNumber(setting.comparison())) {
                numbers.merge(setting.name() + setting.comparison(), setting, SettingFindings::stricter);
            } else {
                kept.add(setting);
            }
        }
        kept.addAll(numbers.values());
        return kept;
    }

    private static boolean isNumber(Comparison comparison) {
        return comparison == Comparison.AT_LEAST || comparison == Comparison.AT_MOST;
    }

    private static Setting stricter(Setting one, Setting other) {
        boolean isHigher = number(one) > number(other);
        return isHigher == (one.comparison() == Comparison.AT_LEAST) ? one : other;
    }

    private static long number(Setting setting) {
        return Long.parseLong(setting.values().get(0));
    }

    private static boolean applies(HostObservation host, NodeNeeds node, Setting setting) {
        String[] unless = setting.unless().split("=");
        if (unless.length == 2
                && host.setting(unless[0]).filter(unless[1]::equals).isPresent()) {
            return false;
        }
        NodeNeeds.Program server = node.programs().get(0);
        return setting.series().isEmpty()
                || host.all(Program.class).stream()
                        .filter(p -> server.names().contains(p.name()))
                        .map(Program::version)
                        .anyMatch(v -> setting.series().stream().anyMatch(s -> v.equals(s) || v.startsWith(s + ".")));
    }

    private static Optional<Finding> setting(HostObservation host, Setting setting) {
        FindingCode code = switch (setting.area()) {
            case CPU -> FindingCode.CPU;
            case LIMIT -> FindingCode.LIMIT;
            case KERNEL -> FindingCode.KERNEL;
            case INIT -> FindingCode.PROCESS_REAPING;
        };
        Optional<String> value = host.setting(setting.name()).filter(v -> isUsable(setting, v));
        if (value.isEmpty()) {
            return Optional.of(Finding.unknown(host.name(), code, setting.title(), limit(setting)));
        }
        if (fits(setting, value.get())) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                host.name(),
                "",
                code,
                setting.isRequired() ? Finding.Level.ERROR : Finding.Level.WARNING,
                setting.title() + (setting.isRequired() ? " is not sufficient" : " is not as recommended"),
                value.get(),
                limit(setting),
                setting.hint()));
    }

    private static boolean isUsable(Setting setting, String value) {
        return !isNumber(setting.comparison()) || value.equals(UNLIMITED) || value.matches("[0-9]{1,18}");
    }

    private static boolean fits(Setting setting, String value) {
        return switch (setting.comparison()) {
            case AT_LEAST -> value.equals(UNLIMITED) || Long.parseLong(value) >= number(setting);
            case AT_MOST -> !value.equals(UNLIMITED) && Long.parseLong(value) <= number(setting);
            case ONE_OF -> setting.values().contains(value);
            case NONE_OF -> !setting.values().contains(value);
        };
    }

    private static String limit(Setting setting) {
        return switch (setting.comparison()) {
            case AT_LEAST -> "at least " + setting.values().get(0);
            case AT_MOST -> "at most " + setting.values().get(0);
            case ONE_OF -> String.join(" or ", setting.values());
            case NONE_OF -> "not " + String.join(" or ", setting.values());
        };
    }
}
