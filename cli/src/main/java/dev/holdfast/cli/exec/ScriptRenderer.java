package dev.holdfast.cli.exec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.execution.ScramVerifier;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.SqlFragment;
import dev.holdfast.model.SecretRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.core.Utils;
import org.postgresql.util.PasswordUtil;

/** Renders a script and its values to the exact text that is sent, with every value quoted for its receiver. */
public final class ScriptRenderer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SQL_VALUE = Pattern.compile(":(?:\"([a-z_]+)\"|'([a-z_]+)'|\\[([a-z_]+)])");
    private static final Pattern TEXT_VALUE = Pattern.compile("\\{\\{([a-zA-Z_]+)}}");
    private static final Pattern SHELL_NAME = Pattern.compile("[a-z_]+");

    /** The directories with a preamble of their own; a role change's probe of PostgreSQL servers also queries the proxies on their hosts. */
    private static final Map<String, List<String>> SHARED = Map.of(
            "postgres", List.of("postgres", "haproxy", "pgbouncer"),
            "mongodb", List.of("mongodb"),
            "haproxy", List.of("haproxy"),
            "pgbouncer", List.of("pgbouncer"),
            "patroni", List.of("postgres", "patroni"),
            "etcd", List.of("etcd"));

    /** The value of scripts that write or compare the unit of a server. */
    private static final String SERVICES = "service_want";

    private final SecretStore secrets;
    private final Map<String, String> files = new ConcurrentHashMap<>();

    public ScriptRenderer(SecretStore secrets) {
        this.secrets = secrets;
    }

    /** Returns a complete shell program for {@code sh -s}: values, preambles, script; the script itself reads no input. */
    public String shell(Script script) {
        return assignments(script) + preambles(script) + "\n{\n" + file(script.file()) + "\n} </dev/null\n";
    }

    /** Returns a shell program that continues to read standard input after its text. */
    public String held(Script script) {
        return assignments(script) + preambles(script) + "\n{\n" + file(script.file()) + "\nexit\n}\n";
    }

    /** Returns the preamble of all scripts, then that of the same directory. */
    private String preambles(Script script) {
        String folder = script.file().substring(0, script.file().indexOf('/'));
        Stream<String> services = script.values().containsKey(SERVICES)
                ? Stream.of("host/services.sh", "host/service-files.sh")
                : Stream.of("host/services.sh");
        return Stream.concat(
                        Stream.concat(Stream.of("host/preamble.sh", "host/records.sh", "host/processes.sh"), services),
                        SHARED.getOrDefault(folder, List.of()).stream().map(of -> of + "/preamble.sh"))
                .map(this::file)
                .collect(Collectors.joining("\n"));
    }

    /** Returns a shell program that puts a rendered file in place. */
    public String write(Script template, String path, String mode, String owner) {
        Script put = new Script(
                "host/write.sh", Map.of("path", path, "mode", mode, "owner", owner, "content", text(template)));
        return shell(put);
    }

    /** Returns SQL with identifiers and literals quoted; the value of {@code :[name]} was quoted where it was made. */
    public String sql(Script script) {
        Matcher matcher = SQL_VALUE.matcher(file(script.file()));
        return matcher.replaceAll(found -> Matcher.quoteReplacement(
                found.group(1) != null
                        ? identifier(plain(script, found.group(1)))
                        : found.group(2) != null
                                ? literal(plain(script, found.group(2)))
                                : wording(script, found.group(3))));
    }

    private static String wording(Script script, String name) {
        if (script.values().get(name) instanceof SqlFragment wording) {
            return wording.text();
        }
        throw new IllegalArgumentException(script.file() + " needs an SqlFragment called " + name);
    }

    /** Returns a command document as extended JSON. */
    public String json(Script script) {
        try {
            return filled(JSON.readTree(file(script.file())), script.values()).toString();
        } catch (IOException broken) {
            throw new UncheckedIOException(script.file(), broken);
        }
    }

    /** Returns a configuration file or other plain text. */
    String text(Script script) {
        Matcher matcher = TEXT_VALUE.matcher(file(script.file()));
        return matcher.replaceAll(found -> Matcher.quoteReplacement(plain(script, found.group(1))));
    }

    private String assignments(Script script) {
        StringBuilder text = new StringBuilder();
        for (String name : script.values().keySet()) {
            if (!SHELL_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not a shell variable: " + name);
            }
            text.append(name)
                    .append('=')
                    .append(CommandRunner.quoted(plain(script, name)))
                    .append('\n');
        }
        return text.toString();
    }

    private String plain(Script script, String name) {
        Object value = script.values().get(name);
        if (value == null) {
            throw new IllegalArgumentException(script.file() + " needs a value called " + name);
        }
        return plain(value);
    }

    private String plain(Object value) {
        if (value instanceof SecretRef secret) {
            return secrets.value(secret);
        }
        if (value instanceof ScramVerifier verifier) {
            return scram(secrets.value(verifier.secret()));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(this::plain).collect(Collectors.joining("\n"));
        }
        if (value instanceof Script template) {
            return template.file().endsWith(".sh") ? shell(template) : text(template);
        }
        return value.toString();
    }

    private JsonNode filled(JsonNode node, Map<String, Object> values) {
        if (node.isTextual() && node.textValue().startsWith("$")) {
            Object value = values.get(node.textValue().substring(1));
            return value == null ? node : JSON.valueToTree(revealed(value));
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JSON.createObjectNode();
            object.properties().forEach(field -> {
                JsonNode value = filled(field.getValue(), values);
                if (field.getKey().equals("...")) {
                    copy.setAll((ObjectNode) value);
                } else {
                    copy.set(field.getKey(), value);
                }
            });
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JSON.createArrayNode();
            array.forEach(item -> copy.add(filled(item, values)));
            return copy;
        }
        return node;
    }

    private Object revealed(Object value) {
        if (value instanceof SecretRef secret) {
            return secrets.value(secret);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(this::revealed).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new java.util.LinkedHashMap<>();
            map.forEach((k, v) -> copy.put(k.toString(), revealed(v)));
            return copy;
        }
        return value;
    }

    private static String scram(String password) {
        try {
            return PasswordUtil.encodePassword("", password.toCharArray(), "scram-sha-256");
        } catch (SQLException refused) {
            throw new IllegalArgumentException("not a password", refused);
        }
    }

    private static String identifier(String name) {
        return quoted(name, n -> {
            try {
                return Utils.escapeIdentifier(null, n).toString();
            } catch (SQLException refused) {
                throw new IllegalArgumentException("not an identifier", refused);
            }
        });
    }

    private static String literal(String text) {
        return quoted(text, t -> {
            try {
                return "'" + Utils.escapeLiteral(null, t, true) + "'";
            } catch (SQLException refused) {
                throw new IllegalArgumentException("not a literal", refused);
            }
        });
    }

    private static String quoted(String text, Function<String, String> how) {
        return how.apply(text);
    }

    private String file(String name) {
        return files.computeIfAbsent(name, ScriptRenderer::read);
    }

    private static String read(String name) {
        try (InputStream in = ScriptRenderer.class.getResourceAsStream("/scripts/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no such script: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(name, broken);
        }
    }
}
