package dev.holdfast.postgres.value;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A comparison of a declared setting with the value in pg_settings. */
public final class SettingValue {

    private static final Pattern NUMBER = Pattern.compile("([-+]?[0-9]*\\.?[0-9]+)\\s*([A-Za-z]*)");
    private static final Map<String, Double> BYTES =
            Map.of("B", 1d, "kB", 1024d, "MB", 1048576d, "GB", 1073741824d, "TB", 1099511627776d);
    private static final Map<String, Double> SECONDS =
            Map.of("us", 0.000001, "ms", 0.001, "s", 1d, "min", 60d, "h", 3600d, "d", 86400d);
    private static final Map<String, String> SWITCHES =
            Map.of("true", "on", "yes", "on", "1", "on", "false", "off", "no", "off", "0", "off");

    private SettingValue() {}

    /** @param row of pg_settings: setting, unit and vartype */
    public static boolean isSame(String desired, Map<String, String> row) {
        String setting = row.getOrDefault("setting", "");
        String text = desired.strip();
        return switch (row.getOrDefault("vartype", "string")) {
            case "integer", "real" -> isSameNumber(text, setting, row.getOrDefault("unit", ""));
            case "bool", "enum" -> switched(text).equals(switched(setting));
            default -> text.equals(setting.strip());
        };
    }

    private static String switched(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return SWITCHES.getOrDefault(lower, lower);
    }

    private static boolean isSameNumber(String desired, String setting, String unit) {
        Matcher number = NUMBER.matcher(desired);
        if (!number.matches() || setting.isEmpty()) {
            return desired.equals(setting);
        }
        double value = Double.parseDouble(number.group(1));
        if (!number.group(2).isEmpty()) {
            value = value * size(number.group(2)) / size(unit);
        }
        return Math.abs(value - Double.parseDouble(setting)) <= 0.5;
    }

    /** Returns the bytes or seconds of a unit such as {@code 8kB} or {@code min}. */
    private static double size(String unit) {
        Matcher parts = Pattern.compile("([0-9]*)([A-Za-z]*)").matcher(unit);
        if (!parts.matches()) {
            return 1;
        }
        double times = parts.group(1).isEmpty() ? 1 : Double.parseDouble(parts.group(1));
        String name = parts.group(2);
        return times * BYTES.getOrDefault(name, SECONDS.getOrDefault(name, 1d));
    }
}
