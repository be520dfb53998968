package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.lint.FailureSimulator;
import dev.holdfast.model.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a file, reading it ends in a topology or in problems with places, never in an exception. */
@Tag("unit")
class MutationTest {

    /** The long tests go on for longer. */
    private static final int ROUNDS = Boolean.getBoolean("holdfast.long") ? 2000 : 150;

    private static final List<String> GARBAGE = List.of(
            "",
            "~",
            "null",
            "true",
            "-1",
            "0",
            "65536",
            "99999999999999999999999",
            "1e999",
            ".inf",
            ".nan",
            "0x10",
            "1_000",
            "[]",
            "{}",
            "[[[[",
            "{a: {b: {c: d}}}",
            "'",
            "\"",
            "|",
            ">",
            "- a",
            "? a",
            ": b",
            "&a b",
            "*a",
            "!!int x",
            "<<: *x",
            "%YAML 1.1",
            "---",
            "...",
            "#",
            "@x",
            "`x",
            "\t",
            "\u0000",
            "\u0007",
            "\uFEFF",
            "\u2028",
            "\u202e",
            "\uD83D\uDE00",
            "é",
            "${",
            "${}",
            "${env:}",
            "${env:HOME}",
            "${var:x:-}",
            "$${x}",
            "${env:A:-${env:B}}",
            "2001-01-01",
            "12:30:45",
            "a1",
            "social",
            "0s",
            "-5m",
            "9999999999999d",
            "3.14",
            "a".repeat(5000),
            "[ a1, a1, a1 ]",
            "{ host: a1, port: 27017 }",
            "\"\\n\"",
            "\"\\x00\"",
            "\"\\ud800\"");

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9./_-]*");

    @ParameterizedTest
    @ValueSource(longs = {1, 20261123})
    void a_mutated_file_is_reported_with_places_or_read(long seed) throws IOException {
        String original = Files.readString(Written.EXAMPLES.resolve("swapskill/topology.yaml"));
        Random random = new Random(seed);
        int valid = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = mutated(original, random);
            String where = "seed " + seed + ", round " + round;
            try {
                valid += read(bytes, where) ? 1 : 0;
            } catch (RuntimeException | StackOverflowError escaped) {
                fail(where + ":\n" + new String(bytes, StandardCharsets.UTF_8), escaped);
            }
        }
        assertThat(valid).as("valid of %s with seed %s", ROUNDS, seed).isBetween(1, ROUNDS * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"social.yaml", "payments.yaml"})
    void a_mutated_dictionary_is_reported_with_places_or_read(String file) throws IOException {
        String topology = Files.readString(Written.EXAMPLES.resolve("swapskill/topology.yaml"))
                .replaceAll("schema: .*", "schema: mutated-" + file);
        String original =
                Files.readString(Written.EXAMPLES.resolve("swapskill/schema").resolve(file));
        Path mutated = Written.FOLDER.resolve("mutated-" + file);
        mutated.toFile().deleteOnExit();
        Random random = new Random(file.length());
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = mutated(original, random);
            Files.write(mutated, bytes);
            String where = file + ", round " + round;
            try {
                read(topology.getBytes(StandardCharsets.UTF_8), where);
            } catch (RuntimeException | StackOverflowError escaped) {
                fail(where + ":\n" + new String(bytes, StandardCharsets.UTF_8), escaped);
            }
        }
    }

    /** Every word of the file in turn comes from the environment: as a secret, a wrong number, an odd path. */
    @ParameterizedTest
    @ValueSource(strings = {"zq hunter2 'zq", "987654321", "/zq/hunter2/../zq", "zqhunter2"})
    void a_value_from_outside_never_stands_in_a_problem(String value) throws IOException {
        String original = Files.readString(Written.EXAMPLES.resolve("swapskill/topology.yaml"))
                .replaceAll("(?m)^ +schema:.*$|#.*$", "")
                .replaceAll("\\n\\s*\\n", "\n");
        String[] lines = original.split("\n", -1);
        for (int at = 0; at < lines.length; at++) {
            Matcher words = WORD.matcher(lines[at]);
            while (words.find()) {
                String[] changed = lines.clone();
                changed[at] =
                        lines[at].substring(0, words.start()) + "\"${env:OUTSIDE}\"" + lines[at].substring(words.end());
                Written written = Written.bytes(
                        String.join("\n", changed).getBytes(StandardCharsets.UTF_8),
                        Map.of(),
                        Map.of("OUTSIDE", value));
                assertThat(written.description()).as(changed[at]).doesNotContain("hunter2", "987654321");
            }
        }
    }

    static Stream<String> hostile() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            laughs.append("a%1$d: &a%1$d [*a%2$d, *a%2$d, *a%2$d]\n".formatted(i, i - 1));
        }
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            keys.append("shrads").append(i).append(": 1\n");
        }
        StringBuilder steps = new StringBuilder();
        for (int i = 0; i < 700; i++) {
            steps.append(" ".repeat(i)).append("k:\n");
        }
        return Stream.of(
                "[".repeat(500_000),
                "{".repeat(500_000),
                "hosts: " + "{a: ".repeat(200_000),
                "- ".repeat(200_000),
                "? ".repeat(200_000),
                "\"" + "x".repeat(900_000) + "\"",
                "name: " + "x ".repeat(400_000),
                "hosts: [" + "a, ".repeat(300_000) + "]",
                "\n".repeat(1_000_000) + "]",
                "#".repeat(900_000),
                laughs.toString(),
                keys.toString(),
                steps.toString());
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("hostile")
    @Timeout(20)
    void a_hostile_file_is_reported_soon(String text) {
        assertThat(read(text.getBytes(StandardCharsets.UTF_8), text.substring(0, 20)))
                .isFalse();
    }

    private static boolean read(byte[] bytes, String where) {
        Written written = Written.bytes(bytes, Map.of(), Map.of("HOME", "/root"));
        String text = new String(bytes, StandardCharsets.UTF_8);
        long lines = text.split("\r\n|[\n\r\u0085\u2028\u2029]", -1).length + 1L;
        for (Problem problem : written.loaded().problems()) {
            int most = problem.place().file().equals(written.path().toString()) ? (int) lines : 10_000;
            assertThat(problem.place().line()).as("%s: %s", where, problem).isBetween(1, most);
            assertThat(problem.place().column()).as("%s: %s", where, problem).isGreaterThanOrEqualTo(1);
            assertThat(problem.what())
                    .as(where)
                    .isNotBlank()
                    .hasSizeLessThan(600)
                    .doesNotContain("\n", "\u0000", "Exception");
            assertThat(problem.hint()).as("%s: %s", where, problem).isNotBlank();
        }
        boolean isValid = written.loaded().topology().isPresent();
        boolean hasError = written.loaded().problems().stream().anyMatch(Problem::isError);
        assertThat(isValid)
                .as("%s: valid or refused%n%s", where, written.description())
                .isEqualTo(!hasError);
        if (isValid) {
            FailureSimulator.run(written.topology());
            assertThat(JsonSchemaTest.errors(text))
                    .as("%s: the schema accepts what is valid%n%s", where, text)
                    .isEmpty();
        }
        return isValid;
    }

    /** One to three small accidents. */
    private static byte[] mutated(String original, Random random) {
        String text = original;
        for (int i = random.nextInt(3); i >= 0; i--) {
            text = once(text, random);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(10) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(50) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    private static String once(String text, Random random) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        switch (random.nextInt(8)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(random.nextInt(lines.size()), line);
            case 2 -> lines.set(at, " ".repeat(random.nextInt(4)) + line);
            case 3 -> lines.set(at, line.substring(Math.min(line.length(), 1 + random.nextInt(3))));
            case 4 -> lines.set(at, word(line, GARBAGE.get(random.nextInt(GARBAGE.size())), random));
            case 5 -> lines.set(at, word(line, otherWord(text, random), random));
            case 6 -> lines.set(at, scratched(line, random));
            default -> lines.add(at, GARBAGE.get(random.nextInt(GARBAGE.size())));
        }
        return String.join("\n", lines);
    }

    private static String word(String line, String instead, Random random) {
        Matcher words = WORD.matcher(line);
        List<int[]> found = new ArrayList<>();
        while (words.find()) {
            found.add(new int[] {words.start(), words.end()});
        }
        if (found.isEmpty()) {
            return instead;
        }
        int[] word = found.get(random.nextInt(found.size()));
        return line.substring(0, word[0]) + instead + line.substring(word[1]);
    }

    private static String otherWord(String text, Random random) {
        List<String> words = WORD.matcher(text).results().map(m -> m.group()).toList();
        return words.isEmpty() ? "x" : words.get(random.nextInt(words.size()));
    }

    private static String scratched(String line, Random random) {
        if (line.isEmpty()) {
            return "x";
        }
        int at = random.nextInt(line.length());
        String signs = ":,{}[]'\"#&*!|>%@`-? \t~$\\x9";
        return line.substring(0, at) + signs.charAt(random.nextInt(signs.length())) + line.substring(at + 1);
    }
}
