package dev.holdfast.cli.metrics;

import dev.holdfast.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A topology of which nothing exists yet, and commands on it. */
abstract class EstateOfNothing {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: nothing-yet
            environment: lab
            directory: DIRECTORY
            hosts:
              a1: { address: 127.0.99.1, reach: local }
            clusters:
              notes:
                engine: mongodb
                replicaSet: [ a1 ]
            """;

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    Path topology;

    @BeforeEach
    void written() throws IOException {
        topology = folder.resolve("topology.yaml");
        Files.writeString(
                topology, TOPOLOGY.replace("DIRECTORY", folder.resolve("d").toString()));
    }

    int run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("-f", topology.toString()));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(
                Map.of("HOLDFAST_HOME", folder.resolve("home").toString(), "PATH", System.getenv("PATH")),
                false,
                new PrintWriter(out),
                new PrintWriter(err),
                all.toArray(String[]::new));
    }
}
