package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class LedgerFileTest {

    @TempDir
    Path folder;

    @Test
    void an_intended_change_can_be_read_from_disk_before_it_is_made() throws IOException {
        Path path = folder.resolve("run/ledger.jsonl");
        try (LedgerFile ledger = new LedgerFile(path, entry -> {})) {
            ledger.note(Kind.NOTED, Map.of("note", "before"));
            ledger.note(Kind.ASKED, Map.of("script", "host/start.sh"));
            List<String> lines = Files.readAllLines(path);
            assertThat(lines).hasSize(2);
            JsonNode last = new ObjectMapper().readTree(lines.get(1));
            assertThat(last.path("n").asInt()).isEqualTo(2);
            assertThat(last.path("kind").asText()).isEqualTo("ASKED");
            assertThat(last.path("at").asText()).endsWith("Z");
        }
    }

    @Test
    void entries_of_many_threads_are_all_there_once_and_in_the_order_of_their_numbers() throws IOException {
        Path path = folder.resolve("ledger.jsonl");
        try (LedgerFile ledger = new LedgerFile(path, entry -> {})) {
            IntStream.range(0, 500)
                    .parallel()
                    .forEach(i -> ledger.note(i % 50 == 0 ? Kind.ASKED : Kind.NOTED, Map.of("i", i)));
        }
        ObjectMapper json = new ObjectMapper();
        List<String> lines = Files.readAllLines(path);
        assertThat(lines).hasSize(500);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(json.readTree(lines.get(i)).path("n").asInt()).isEqualTo(i + 1);
        }
    }

    @Test
    void a_line_that_is_changed_or_left_out_is_found_and_an_untouched_ledger_is_not_suspected() throws IOException {
        Path path = folder.resolve("ledger.jsonl");
        try (LedgerFile ledger = new LedgerFile(path, entry -> {})) {
            ledger.note(Kind.RUN_STARTED, Map.of("command", "drill"));
            ledger.note(Kind.NOTED, Map.of("note", "five writes lost, \"link\":\"not one\""));
            ledger.note(Kind.RUN_ENDED, Map.of("sealed", Map.of()));
        }
        assertThat(RunDirectory.read(path).broken()).isEmpty();
        List<String> lines = Files.readAllLines(path);
        Files.writeString(path, String.join("\n", lines).replace("five", "no") + "\n");
        assertThat(RunDirectory.read(path).broken()).singleElement().asString().contains("line 2");
        Files.writeString(path, lines.get(0) + "\n" + lines.get(2) + "\n");
        assertThat(RunDirectory.read(path).broken()).singleElement().asString().contains("line 2");
        Files.writeString(path, lines.get(0) + "\n" + lines.get(1) + "\n");
        assertThat(RunDirectory.read(path).broken()).singleElement().asString().contains("no end");
    }

    @Test
    void a_ledger_that_does_not_exist_is_a_missing_file_and_not_a_damaged_one() {
        assertThatThrownBy(() -> RunDirectory.read(folder.resolve("typo")))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("there is no such file");
    }
}
