package dev.holdfast.execution;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The format of a script's output: a header, records in JSON Lines, and an end that states their number. See {@code
 * scripts/host/records.sh}.
 *
 * <p>The Java records are the schema. The {@code t} of a line is the name of a Java record, and its other names are exactly the
 * components of that record. The types of components are {@code String}, {@code int}, {@code long}, {@code double}, and enums,
 * whose constants are words such as {@code in-sync}.
 *
 * <p>Invariant: an answer is read completely or not at all. What is truncated or unknown makes the host count as unreachable,
 * because a missing record could otherwise read as "nothing is there".
 */
public final class ScriptFormat {

    private static final String TYPE = "t";
    private static final String END = "end";
    private static final String COUNT = "records";
    private static final String ENDING = ".sh";

    private final String script;
    private final Map<String, Shape> types = new LinkedHashMap<>();

    /** What is known of a record type without looking at each record. */
    private record Shape(Class<? extends Record> type, RecordComponent[] components, Constructor<?> constructor) {
        static Shape of(Class<? extends Record> type) {
            RecordComponent[] components = type.getRecordComponents();
            try {
                Constructor<?> constructor = type.getDeclaredConstructor(
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
                constructor.setAccessible(true);
                return new Shape(type, components, constructor);
            } catch (NoSuchMethodException never) {
                throw new IllegalStateException(type + " is no record that can be made", never);
            }
        }
    }

    /** @param script the script's file, such as {@code host/look.sh} */
    @SafeVarargs
    public ScriptFormat(String script, Class<? extends Record>... types) {
        this.script = script;
        for (Class<? extends Record> type : types) {
            if (this.types.put(word(type.getSimpleName()), Shape.of(type)) != null) {
                throw new IllegalArgumentException(script + " has two types of the name " + type.getSimpleName());
            }
        }
    }

    public String script() {
        return script;
    }

    /** Returns the first line of the output. */
    public String header() {
        return "{\"v\":1,\"script\":\"" + script.substring(0, script.length() - ENDING.length()) + "\"}";
    }

    /** Returns the records of a result. Text before the header, as a login can print it, does not count. */
    public ScriptAnswer read(ActionResult result) {
        if (!result.isOk()) {
            return new ScriptAnswer(result, List.of());
        }
        int begin = result.text().indexOf(header());
        if (begin < 0) {
            return ScriptAnswer.silent("truncated output of " + script + ": its header is missing");
        }
        try {
            return new ScriptAnswer(
                    result,
                    records(result.text()
                            .substring(begin + header().length())
                            .strip()
                            .lines()
                            .toList()));
        } catch (UnreadableRecordException broken) {
            return ScriptAnswer.silent(broken.getMessage());
        }
    }

    private List<Record> records(List<String> lines) {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            boolean isLast = i + 1 == lines.size();
            Map<String, String> values = values(lines.get(i), i + 1, isLast);
            if (!END.equals(values.get(TYPE))) {
                records.add(record(values, i + 1));
            } else if (!isLast) {
                throw new UnreadableRecordException("unreadable output of " + script + ": text after its end");
            } else if (!values.equals(Map.of(TYPE, END, COUNT, Integer.toString(records.size())))) {
                throw new UnreadableRecordException("truncated output of " + script + ": " + records.size() + " of "
                        + values.get(COUNT) + " records");
            } else {
                return records;
            }
        }
        throw new UnreadableRecordException("truncated output of " + script + ": its end is missing");
    }

    private Map<String, String> values(String line, int number, boolean isLast) {
        try {
            return JsonLine.parse(line);
        } catch (UnreadableRecordException broken) {
            throw isLast
                    ? new UnreadableRecordException("truncated output of " + script + ": its end is missing")
                    : unreadable(number, broken.getMessage());
        }
    }

    private Record record(Map<String, String> values, int number) {
        String name = values.getOrDefault(TYPE, "");
        Shape shape = types.get(name);
        if (shape == null) {
            throw unreadable(number, "unknown type \"" + name + "\"");
        }
        RecordComponent[] components = shape.components();
        if (values.size() != components.length + 1) {
            List<String> known =
                    Arrays.stream(components).map(RecordComponent::getName).toList();
            values.keySet().stream()
                    .filter(n -> !n.equals(TYPE) && !known.contains(n))
                    .findFirst()
                    .ifPresent(n -> {
                        throw unreadable(number, name + " has an unknown field " + n);
                    });
        }
        Object[] fields = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String value = values.get(components[i].getName());
            if (value == null) {
                throw unreadable(number, name + " lacks the field " + components[i].getName());
            }
            fields[i] = field(components[i], value, name, number);
        }
        try {
            return (Record) shape.constructor().newInstance(fields);
        } catch (InvocationTargetException refused) {
            throw unreadable(number, name + ": " + refused.getCause().getMessage());
        } catch (ReflectiveOperationException never) {
            throw new IllegalStateException(shape.type() + " is no record that can be made", never);
        }
    }

    private Object field(RecordComponent component, String value, String record, int number) {
        Class<?> type = component.getType();
        String problem = record + ": " + component.getName() + " is \"" + value + "\", not ";
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(c -> word((Enum<?>) c).equals(value))
                    .findFirst()
                    .orElseThrow(() -> unreadable(
                            number,
                            problem
                                    + Arrays.stream(type.getEnumConstants())
                                            .map(c -> word((Enum<?>) c))
                                            .collect(Collectors.joining(" or "))));
        }
        try {
            return type == String.class
                    ? value
                    : type == int.class
                            ? (Object) Integer.valueOf(value)
                            : type == long.class ? (Object) Long.valueOf(value) : (Object) decimal(value);
        } catch (NumberFormatException noNumber) {
            throw unreadable(number, problem + "a number");
        }
    }

    private static Double decimal(String value) {
        if (!value.matches("-?[0-9]+(\\.[0-9]+)?")) {
            throw new NumberFormatException();
        }
        return Double.valueOf(value);
    }

    private UnreadableRecordException unreadable(int number, String why) {
        return new UnreadableRecordException("unreadable output of " + script + ", record " + number + ": " + why);
    }

    /** Returns the word of an enum constant: {@code IN_SYNC} is {@code in-sync}. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the word of a record type: {@code WalEnd} is {@code wal-end}. */
    private static String word(String type) {
        return type.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
