package dev.holdfast.postgres.value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of a PostgreSQL configuration file. */
public final class SettingLines {

    private static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z0-9_.]+)\\s*(?:=\\s*)?(.*)");

    private SettingLines() {}

    /** Returns the settings of a file by name; of a repeated name the last line counts, as in PostgreSQL. */
    public static Map<String, String> byName(List<String> lines) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher matcher = SETTING.matcher(line);
            if (matcher.matches()) {
                settings.put(matcher.group(1), matcher.group(2).strip());
            } else {
                settings.put(line, "");
            }
        }
        return settings;
    }
}
