package dev.holdfast.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.cli.Main;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A unit starts Holdfast as it was started, without the words that were meant for it. */
@Tag("unit")
class SystemdUnitTest {

    @Test
    void asTheLauncherStartsIt() {
        String main = Main.class.getName();
        assertEquals(
                List.of("/jvm/bin/java", "-Xmx256m", "-cp", "/app/holdfast.jar", main),
                SystemdUnit.program(
                        "/jvm/bin/java",
                        List.of(
                                "-Xmx256m",
                                "-XX:DumpLoadedClassList=/app/loaded.backup.7",
                                "-cp",
                                "/app/holdfast.jar",
                                main,
                                "backup",
                                "archive",
                                "--unit")));
    }

    @Test
    void asAJar() {
        assertEquals(
                List.of("java", "-jar", "holdfast.jar"),
                SystemdUnit.program("java", List.of("-jar", "holdfast.jar", "backup", "archive", "--unit")));
    }

    @Test
    void asNobodyCanTell() {
        assertEquals(List.of("holdfast"), SystemdUnit.program("java", List.of()));
        assertEquals(List.of("holdfast"), SystemdUnit.program("java", List.of("-jar")));
    }
}
