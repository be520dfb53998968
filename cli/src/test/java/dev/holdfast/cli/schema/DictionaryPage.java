package dev.holdfast.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.schema.DictionaryCell.Accepted;
import dev.holdfast.cli.schema.DictionaryCell.Read;
import dev.holdfast.cli.schema.DictionaryCell.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code examples/DICTIONARY.md}: a row for each cell. After a wanted change: HOLDFAST_REWRITE=1. */
final class DictionaryPage {

    private static final String HEAD = """
            # What the dictionary becomes, and what both engines accept

            Each row is a test on a real MongoDB and a real PostgreSQL (`RealDictionaryTest`). `f`, `g` and so on are fields.
            The second and the third column show what the servers keep. The others show values that were written: what both
            engines accept, what both refuse, and where they differ. `validate` says each difference where clusters of both
            engines keep the same entity. [SCHEMA.md](SCHEMA.md) describes the dictionary.

            PostgreSQL converts some values of another type before it checks them: it keeps the number 5 in a text field as '5'.
            MongoDB refuses them.

            | written | MongoDB keeps | PostgreSQL keeps | both accept | both refuse | they differ |
            |---|---|---|---|---|---|
            """;

    private final StringBuilder text = new StringBuilder(HEAD);

    void row(DictionaryCell cell, String mongodb, String postgresql) {
        List<String> differing = new ArrayList<>();
        cell.writes().stream()
                .filter(w -> w.by() == Accepted.MONGODB || w.by() == Accepted.POSTGRESQL)
                .forEach(w -> differing.add(
                        "only " + (w.by() == Accepted.MONGODB ? "MongoDB" : "PostgreSQL") + " accepts: " + w.what()));
        cell.reads().stream()
                .filter(r -> !r.mongodb().equals(r.postgresql()))
                .forEach(r -> differing.add(r.what() + ": MongoDB " + r.mongodb() + ", PostgreSQL " + r.postgresql()));
        differing.addAll(cell.messages());
        List<String> accepted = new ArrayList<>(what(cell, Accepted.BOTH));
        cell.reads().stream()
                .filter(r -> r.mongodb().equals(r.postgresql()))
                .map(Read::what)
                .forEach(r -> accepted.add("(read) " + r));
        text.append("| ")
                .append(List.of(
                                "`" + cell.name() + "`",
                                code(mongodb),
                                code(postgresql),
                                String.join(", ", accepted),
                                String.join(", ", what(cell, Accepted.NEITHER)),
                                String.join("; ", differing))
                        .stream()
                        .map(c -> c.replace("|", "\\|"))
                        .collect(Collectors.joining(" | ")))
                .append(" |\n");
    }

    private static List<String> what(DictionaryCell cell, Accepted by) {
        return cell.writes().stream()
                .filter(w -> w.by() == by)
                .map(Write::what)
                .distinct()
                .toList();
    }

    private static String code(String parts) {
        return List.of(parts.split("<br>")).stream().map(p -> "`" + p + "`").collect(Collectors.joining("<br>"));
    }

    void mustBePublished() throws IOException {
        Path page = RealEstate.repositoryFolder().resolve("examples/DICTIONARY.md");
        if (System.getenv("HOLDFAST_REWRITE") != null) {
            Files.writeString(page, text);
        }
        assertThat(Files.readString(page)).isEqualTo(text.toString());
    }
}
