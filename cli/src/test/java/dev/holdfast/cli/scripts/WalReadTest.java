package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server's WAL holds beyond a position, as a failover asks it. */
@Tag("real")
class WalReadTest {

    @TempDir
    Path state;

    private String gap(Node node, String position) throws IOException {
        ScriptRenderer words = new ScriptRenderer(new SecretStore(state, Map.of(), Map.of(), false));
        Path script = Files.writeString(
                state.resolve("gap"),
                words.shell(Script.of("postgres/wal-gap.sh")
                        .with("directory", node.directory())
                        .with(
                                "binaries",
                                TestServers.shell("ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1")
                                        .strip())
                        .with("timeline", 1)
                        .with("position", position)));
        return TestServers.shell("sh " + script + " 2>&1");
    }

    @Test
    void commits_of_clients_count_and_a_border_of_segments_without_the_one_before_is_an_end() throws IOException {
        try (TestServers servers = new TestServers()) {
            Node node = servers.postgres(1, "fsync = off", "autovacuum = off");
            servers.psql(node, "CREATE TABLE t (n int)");
            String from = servers.psql(node, "SELECT pg_current_wal_lsn()").strip();
            servers.psql(node, "INSERT INTO t VALUES (1)");
            servers.psql(node, "ANALYZE t");
            assertThat(gap(node, from)).contains("\"commits\":\"1\"");

            servers.psql(node, "SELECT pg_switch_wal()");
            String border = servers.psql(node, "SELECT pg_current_wal_lsn()").strip();
            servers.killPostgres(node);
            // as a checkpoint does: earlier segments are removed, or become later ones with their old content
            TestServers.shell("cd " + node.data() + "/pg_wal && rm -f $(ls | grep -E '^[0-9A-F]{24}$' | head -n -1)"
                    + " && n=$(printf '0000000100000000%08X' $((0x" + border.substring(border.indexOf('/') + 1)
                    + " / 16777216))) && { [ -f $n ] || { f=$(ls | grep -E '^[0-9A-F]{24}$'); mv $f $n; }; }");
            assertThat(gap(node, border)).contains("\"commits\":\"0\"");
        }
    }
}
