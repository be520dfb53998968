package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** README.md is run: every console block, in order, on one real estate; what it shows must be what comes. */
@Tag("real")
class ReadmeTest {

    private static final Pattern BLOCK = Pattern.compile("(?s)```console\\n(.*?)```");
    private static final int LONGEST = 150;

    private record Typed(String command, List<String> shown) {}

    @Test
    void every_console_block_shows_what_really_comes() throws IOException {
        Path readme = RealEstate.repositoryFolder().resolve("README.md");
        List<Typed> session = session(Files.readString(readme));
        assertThat(session).hasSizeGreaterThan(5);
        try (RealEstate estate = RealEstate.of("swapskill")) {
            for (Typed typed : session) {
                if (typed.command().startsWith("scripts/holdfast ")) {
                    String came = plain(run(estate, typed.command()));
                    for (String line : typed.shown()) {
                        assertThat(came).as(typed.command()).contains(plain(line));
                    }
                } else {
                    String script = typed.command().split(" ")[0];
                    assertThat(RealEstate.repositoryFolder().resolve(script))
                            .as(typed.command())
                            .isExecutable();
                }
            }
        }
    }

    @Test
    void the_readme_is_short_and_names_every_command() throws IOException {
        String text = Files.readString(RealEstate.repositoryFolder().resolve("README.md"));
        assertThat(text.lines().count()).isLessThanOrEqualTo(LONGEST);
        for (String command : List.of("validate", "plan", "apply", "status", "destroy")) {
            assertThat(text).contains("holdfast " + command);
        }
    }

    private static String run(RealEstate estate, String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" +")));
        words.remove(0);
        int file = words.indexOf("-f");
        String which = file < 0 ? "examples/swapskill/topology.yaml" : words.remove(file + 1);
        if (file >= 0) {
            words.remove(file);
        }
        String[] args = words.toArray(String[]::new);
        RealEstate.Ended ended = which.contains("swapskill")
                ? estate.run(args)
                : estate.runWith(RealEstate.repositoryFolder().resolve(which), args);
        return ended.out() + ended.err();
    }

    /** Numbers, addresses and places differ from run to run; everything else must not. */
    private static String plain(String text) {
        return text.replace("/var/lib/holdfast/swapskill/", "/d/")
                .replaceAll("127\\.\\d+\\.\\d+\\.", "127.0.0.")
                .replaceAll("/\\S*/(home|d|examples)/", "/$1/")
                .replaceAll("\\d+(\\.\\d+)?", "0")
                .replaceAll("[ \\t]+", " ")
                .strip();
    }

    private static List<Typed> session(String text) {
        List<Typed> session = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            for (String line : blocks.group(1).split("\n")) {
                if (line.startsWith("$ ")) {
                    session.add(new Typed(line.substring(2).replaceFirst(" +#.*", ""), new ArrayList<>()));
                } else if (!line.isBlank() && !line.strip().equals("...")) {
                    session.get(session.size() - 1).shown().add(line);
                }
            }
        }
        return session;
    }
}
