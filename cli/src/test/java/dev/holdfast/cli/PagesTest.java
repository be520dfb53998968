package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages for users: their links have targets, each page can be found, and the topologies in them are valid. */
@Tag("unit")
class PagesTest {

    private static final Path ROOT = RealEstate.repositoryFolder();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");
    private static final Pattern TOPOLOGY = Pattern.compile("(?s)```yaml\\n((?:#[^\\n]*\\n)*apiVersion: .*?)```");

    @TempDir
    private Path folder;

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        for (String place : List.of("examples", "topology", ".github")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
                files.filter(p -> p.toString().endsWith(".md"))
                        .filter(p -> !ROOT.relativize(p).toString().contains("target"))
                        .forEach(pages::add);
            }
        }
        return pages;
    }

    private static List<Path> links(Path page) throws IOException {
        List<Path> links = new ArrayList<>();
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
            links.add(page.resolveSibling(link.group(1)).normalize());
        }
        return links;
    }

    @Test
    void every_link_to_a_file_has_a_target() throws IOException {
        assertThat(pages())
                .hasSizeGreaterThan(40)
                .allSatisfy(page -> assertThat(links(page))
                        .as(ROOT.relativize(page).toString())
                        .allSatisfy(target -> assertThat(target).exists()));
    }

    @Test
    void the_list_of_pages_names_every_page() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("examples"))) {
            assertThat(links(ROOT.resolve("examples/README.md")))
                    .containsAll(files.filter(p -> p.toString().endsWith(".md"))
                            .filter(p -> !p.endsWith("README.md"))
                            .toList());
        }
    }

    @Test
    void a_topology_in_a_page_is_valid_and_needs_no_advice() throws IOException {
        int count = 0;
        for (Path page : pages()) {
            Matcher topology = TOPOLOGY.matcher(Files.readString(page));
            while (topology.find()) {
                count++;
                Path file = Files.writeString(folder.resolve("topology.yaml"), topology.group(1));
                StringWriter out = new StringWriter();
                StringWriter err = new StringWriter();
                String[] words = {"validate", "--strict", "-f", file.toString()};
                int exit = Main.run(Map.of(), false, new PrintWriter(out), new PrintWriter(err), words);
                assertThat(exit).as(page + "\n" + out + err).isZero();
            }
        }
        assertThat(count).isPositive();
    }
}
