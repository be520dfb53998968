package dev.holdfast.postgres.lint;

import dev.holdfast.lint.LintRule;
import dev.holdfast.lint.SettingRule;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Conditions about the values of parameters, as they are written in the topology. */
final class ParameterValues {

    private static final Pattern NUMBER = Pattern.compile("([-+]?[0-9]*\\.?[0-9]+)\\s*([A-Za-z]*)");
    private static final Set<String> OFF = Set.of("off", "false", "no", "0");
    private static final Set<String> ON = Set.of("on", "true", "yes", "1");

    /** The units of sizes in bytes, and of times in milliseconds. */
    static final Map<String, Double> UNITS = Map.ofEntries(
            Map.entry("B", 1d),
            Map.entry("kB", 1024d),
            Map.entry("MB", 1048576d),
            Map.entry("GB", 1073741824d),
            Map.entry("TB", 1099511627776d),
            Map.entry("us", 0.001),
            Map.entry("ms", 1d),
            Map.entry("s", 1000d),
            Map.entry("min", 60_000d),
            Map.entry("h", 3_600_000d),
            Map.entry("d", 86_400_000d));

    private ParameterValues() {}

    static LintRule rule(String id, String parameter, Predicate<String> isWrong, String consequence, String hint) {
        return new SettingRule(id, "postgresql", parameter, isWrong, consequence, hint);
    }

    static boolean isOff(String value) {
        return OFF.contains(value.strip().toLowerCase(Locale.ROOT));
    }

    static boolean isOn(String value) {
        return ON.contains(value.strip().toLowerCase(Locale.ROOT));
    }

    /** Returns the number of a value in units of its own: bytes or milliseconds if it has a unit. */
    static Optional<Double> number(String value, String ownUnit) {
        Matcher number = NUMBER.matcher(value.strip());
        if (!number.matches()) {
            return Optional.empty();
        }
        String unit = number.group(2);
        if (!unit.isEmpty() && !UNITS.containsKey(unit)) {
            return Optional.empty();
        }
        double amount = Double.parseDouble(number.group(1));
        double own = ownUnit.isEmpty() ? 1 : UNITS.get(ownUnit);
        return Optional.of(unit.isEmpty() ? amount : amount * UNITS.get(unit) / own);
    }

    /** @param ownUnit the unit of a value without one */
    static Predicate<String> above(double most, String ownUnit) {
        return value -> number(value, ownUnit).filter(n -> n > most).isPresent();
    }

    static Predicate<String> below(double least, String ownUnit) {
        return value -> number(value, ownUnit).filter(n -> n < least).isPresent();
    }

    static Predicate<String> isNumber(double number, String ownUnit) {
        return value -> number(value, ownUnit).filter(n -> n == number).isPresent();
    }

    /** Returns a declared parameter as a number, or the default of PostgreSQL. */
    static double of(PostgresCluster cluster, String parameter, String ownUnit, double usual) {
        return number(cluster.settings().getOrDefault(parameter, ""), ownUnit).orElse(usual);
    }
}
