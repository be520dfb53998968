package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ServersUser;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Script;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with a secret on a host is complete, private and on disk before it has its name. */
@Tag("unit")
class StoredSecretsTest {

    @TempDir
    Path folder;

    private Path node;
    private Path record;

    /** The program sync records each file with its mode and content, and then does its work. */
    @BeforeEach
    void a_node_and_an_observed_sync() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        record = Files.createFile(folder.resolve("record"));
        Path bin = Files.createDirectory(folder.resolve("bin"));
        program(bin.resolve("sync"), """
                for file; do
                  [ "$file" = -- ] || printf '%%s %%s %%s\\n' "$(stat -c %%a "$file")" "${file##*/}" "$(tr '\\n' ' ' <"$file")" >>%s
                done
                PATH=/usr/bin:/bin exec sync "$@"
                """.formatted(record));
        program(bin.resolve("mongod"), "exit 3\n");
        node = Files.createDirectory(folder.resolve("node"));
        Files.createDirectory(node.resolve("conf"));
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The files that were synced. */
    private List<String> synced(int exit, Script script) throws Exception {
        ScriptRenderer words = new ScriptRenderer(new SecretStore(folder, Map.of(), Map.of(), false));
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("sh", "-s")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile());
        builder.environment().merge("PATH", "", (path, none) -> folder.resolve("bin") + ":" + path);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(words.shell(script).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(exit);
        return Files.readAllLines(record).stream().map(String::strip).toList();
    }

    private void isPrivate(String name, String content) throws IOException {
        Path file = node.resolve(name);
        assertThat(file).hasContent(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void the_key_file_of_a_mongodb_member() throws Exception {
        ServersUser.mustExist("mongodb");
        // a draft that anyone may read, as an interrupted copy by hand leaves it
        Path draft = Files.writeString(node.resolve("keyfile.new"), "old");
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.writeString(node.resolve("holdfast.node"), "estate shop/rs/a1\n");
        Script start = Script.of("mongodb/start.sh")
                .with("directory", node.toString())
                .with("mark", "estate shop/rs/a1")
                .with("program", folder.resolve("bin/mongod").toString())
                .with("wait", "answer")
                .with("address", "127.101.3.1")
                .with("port", 27017)
                .with("keyfile", "the key")
                .with("conf", "net.port: 27017")
                .with("conf_name", "mongod.conf")
                .with("log", "mongod.log")
                .with("restart", "no")
                .with("patience", 5)
                .with("unfence", "no");
        assertThat(synced(1, start)).containsExactly("600 keyfile.new the key", "600 mongod.conf.new net.port: 27017");
        isPrivate("keyfile", "the key");
        isPrivate("mongod.conf", "net.port: 27017");
        assertThat(Files.getOwner(node.resolve("keyfile")).getName()).isEqualTo(ServersUser.ofMongo());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node)))
                .isEqualTo(ServersUser.isAnother() ? "rwx--x--x" : "rwx------");
    }

    @Test
    void the_password_file_of_a_postgresql_member() throws Exception {
        ServersUser.mustExist("postgres");
        Script configure = Script.of("postgres/configure.sh")
                .with("directory", node.toString())
                .with("settings", "port = 5432")
                .with("role", "# none")
                .with("access", "# nobody")
                .with("superuser", "postgres")
                .with("replicator", "replicator")
                .with("rewinder", "rewinder")
                .with("replication", "first password")
                .with("rewind", "second password");
        List<String> synced = synced(0, configure);
        assertThat(synced).anyMatch(l -> l.matches("600 \\.pgpass\\.\\w+ .*first password.*second password"));
        assertThat(synced.stream().filter(l -> l.contains("password"))).hasSize(1);
        Path pgpass = node.resolve("conf/pgpass");
        isPrivate("conf/pgpass", Files.readString(pgpass));
        if (ServersUser.isAnother()) {
            assertThat(Files.getOwner(pgpass).getName()).isEqualTo("postgres");
        }
    }

    @Test
    void a_file_with_a_passphrase() throws Exception {
        Script write = Script.of("host/write.sh")
                .with("path", node.resolve("conf/pgbackrest.conf").toString())
                .with("content", "repo1-cipher-pass=phrase")
                .with("mode", "600")
                .with("owner", "");
        assertThat(synced(0, write))
                .singleElement()
                .asString()
                .matches("600 \\.holdfast\\.\\w+ repo1-cipher-pass=phrase");
        isPrivate("conf/pgbackrest.conf", "repo1-cipher-pass=phrase");
    }
}
