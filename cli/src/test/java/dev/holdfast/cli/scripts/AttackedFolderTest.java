package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Intruder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.exec.PosixShell;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user of a MongoDB server puts links into the server's folders, so that scripts of root would follow them. */
@Tag("real")
class AttackedFolderTest {

    private static final String MARK = "estate shop/rs/a1";

    @TempDir
    Path folder;

    private Path member;
    private Path trap;
    private Path closed;
    private ScriptRenderer words;

    @BeforeEach
    void a_stopped_member_of_mongodb_and_files_of_root() throws IOException {
        Intruder.MONGODB.assumed();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        words = new ScriptRenderer(new SecretStore(folder, Map.of(), Map.of(), false));
        member = folder.resolve("member");
        trap = folder.resolve("trap");
        closed = folder.resolve("closed");
        TestServers.shell(
                "cd " + folder + " && mkdir -m 711 member && mkdir -m 700 closed member/data member/log member/run"
                        + " && echo '" + MARK
                        + "' >member/holdfast.node && chown mongodb member/data member/log member/run"
                        + " && printf 'of root' >trap && printf 'a\\tb\\tsecret\\n' >closed/list && cp closed/list closed/x.bson");
    }

    private void attack(String command) throws Exception {
        assertThat(Intruder.MONGODB.tries(command.replace("%s", member.toString())))
                .as(command)
                .isZero();
    }

    private ActionResult run(Script script) throws Exception {
        return PosixShell.DASH.run(
                words.shell(script.with("directory", member.toString()).with("mark", MARK)));
    }

    private void nothingHappenedOutside() throws IOException {
        assertThat(trap).hasContent("of root");
        assertThat(Files.getOwner(trap).getName()).isEqualTo("root");
        assertThat(closed.resolve("x.bson")).exists();
        assertThat(Files.getOwner(closed.resolve("x.bson")).getName()).isEqualTo("root");
    }

    @Test
    void a_stop_does_not_empty_the_file_behind_a_lock() throws Exception {
        attack("ln -s " + trap + " %s/run/lock");
        assertThat(run(Script.of("mongodb/remove.sh").with("force", "no").with("data", "keep"))
                        .isOk())
                .isTrue();
        assertThat(run(Script.of("mongodb/fence.sh")
                                .with("text", "taken over")
                                .with("address", "127.81.1.1")
                                .with("port", 27017)
                                .with("force", "no"))
                        .isOk())
                .isTrue();
        nothingHappenedOutside();
    }

    @Test
    void the_guard_of_a_backup_is_no_file_of_the_server() throws Exception {
        attack("for f in copying copying.pid copy-guard again.user; do ln -s " + trap + " %s/run/$f; done");
        Path estate = Files.createDirectory(folder.resolve("estate"));
        Files.writeString(estate.resolve(".lock.owner"), "me");
        Path proof = folder.resolve("proof");
        assertThat(run(Script.of("mongodb/backup-guard-start.sh")
                                .with("estate", estate.toString())
                                .with("guard", "stat -c %U \"$0\" >" + proof))
                        .isOk())
                .isTrue();
        Patience.until(
                "the guard has run",
                () -> Files.exists(proof) && Files.readString(proof).equals("root\n"));
        assertThat(member.resolve(".copying")).exists();
        assertThat(run(Script.of("mongodb/backup-guard-stop.sh")).isOk()).isTrue();
        assertThat(member.resolve(".copying")).doesNotExist();
        nothingHappenedOutside();
    }

    @Test
    void the_note_about_data_that_was_set_aside_goes_to_no_file_of_root() throws Exception {
        attack("ln -s " + trap + " %s/log/mongod.log");
        assertThat(run(Script.of("mongodb/set-aside-data.sh").with("name", "data.before"))
                        .isOk())
                .as("the server's user cannot write there")
                .isFalse();
        nothingHappenedOutside();
    }

    @Test
    void rollback_files_are_not_fetched_from_a_directory_of_root() throws Exception {
        attack("ln -s " + closed + " %s/data/rollback");
        run(Script.of("mongodb/move-rollback-files.sh").with("name", "now"));
        nothingHappenedOutside();
        assertThat(TestServers.shell("find " + member + "/rolled-back -name '*.bson'"))
                .isEmpty();
    }

    @Test
    void rollback_files_of_the_server_are_moved_and_belong_to_its_user() throws Exception {
        attack("mkdir -p %s/data/rollback/db.c && printf '\\005\\0\\0\\0\\0' >%s/data/rollback/db.c/r.bson"
                + " && ln -s " + closed + "/list %s/data/rollback/db.c/link.bson");
        ActionResult moved = run(Script.of("mongodb/move-rollback-files.sh").with("name", "now"));
        assertThat(moved.isOk()).as(moved.toString()).isTrue();
        Path now = member.resolve("rolled-back/now");
        assertThat(now.resolve("list")).hasContent("db.c\t1\t" + now + "/db.c/r.bson");
        assertThat(Files.getOwner(now.resolve("db.c/r.bson")).getName()).isEqualTo("mongodb");
        assertThat(member.resolve("data/rollback")).doesNotExist();
        assertThat(records()).contains("db.c/r.bson");
        nothingHappenedOutside();
    }

    @Test
    void a_list_of_rollback_files_shows_no_file_of_root() throws Exception {
        TestServers.shell("mkdir -m 711 " + member + "/rolled-back && mkdir -m 700 " + member
                + "/rolled-back/now && chown mongodb " + member + "/rolled-back/now");
        attack("ln -s " + closed + "/list %s/rolled-back/now/list");
        assertThat(records()).doesNotContain("secret").contains("\"end\"");
    }

    private String records() throws Exception {
        ActionResult records = run(Script.of("mongodb/member-records.sh").with("nodes", "shop/rs/a1\t" + member));
        assertThat(records.isOk()).as(records.toString()).isTrue();
        return records.text();
    }

    @Test
    void a_backup_is_unpacked_as_the_servers_user() throws Exception {
        TestServers.shell("cd " + folder
                + " && mkdir packed && echo data >packed/WiredTiger && tar -czf data.tar.gz -C packed .");
        String sum = TestServers.shell("sha256sum " + folder + "/data.tar.gz").substring(0, 64);
        TestServers.shell("echo 'begun in-place' >" + member + "/holdfast.restore");
        attack("ln -s " + trap + " %s/run/sum && ln -s " + trap + " %s/run/broken && ln -s " + trap
                + " %s/data/WiredTiger");
        ActionResult unpacked = run(Script.of("mongodb/restore-unpack.sh")
                .with("order", "in-place")
                .with("archive", folder.resolve("data.tar.gz").toString())
                .with("checksum", sum)
                .with("size", 1)
                .with("keyfile", "the key"));
        assertThat(unpacked.isOk()).as(unpacked.toString()).isTrue();
        assertThat(member.resolve("data/WiredTiger")).hasContent("data");
        assertThat(Files.getOwner(member.resolve("data/WiredTiger")).getName()).isEqualTo("mongodb");
        assertThat(Files.getOwner(member.resolve("keyfile")).getName()).isEqualTo("mongodb");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(member.resolve("holdfast.restore"))))
                .as("the server's unit reads it as the server's user")
                .isEqualTo("rw-r--r--");
        nothingHappenedOutside();
    }

    /** Such as su, which waits for a password and would need none from root. */
    @Test
    void a_program_with_the_rights_of_root_is_not_remembered_as_a_server_of_root() throws Exception {
        Path tail = folder.resolve("tail");
        TestServers.shell("cp /usr/bin/tail " + tail + " && chmod 4755 " + tail);
        Process forged = Intruder.MONGODB.starts("exec -a mongod " + tail + " -F " + member + "/mongod.conf");
        try {
            Script end = Script.of("host/fault-end.sh")
                    .with("verb", "inject")
                    .with("how", "kill")
                    .with("directories", member.toString());
            Patience.until(
                    "the process is found, and its program is hidden from the user who started it",
                    () -> run(end).toString().contains("cannot see the program of process"));
            assertThat(member.resolve(".killed.user")).doesNotExist();
        } finally {
            forged.descendants().forEach(ProcessHandle::destroyForcibly);
            forged.destroyForcibly();
        }
    }

    @Test
    void folders_of_a_third_user_are_not_taken() throws Exception {
        TestServers.shell("chown nobody " + member + "/data");
        ActionResult started = run(start());
        assertThat(started.isOk()).isFalse();
        assertThat(started.toString()).contains(member + "/data belongs to nobody, and the server runs as mongodb");
        assertThat(Files.getOwner(member.resolve("data")).getName()).isEqualTo("nobody");
    }

    @Test
    void a_file_of_root_in_a_folder_of_the_server_is_named_and_not_given_away() throws Exception {
        Path file = Files.writeString(member.resolve("data/WiredTiger.wt"), "x");
        ActionResult started = run(start());
        assertThat(started.isOk()).isFalse();
        assertThat(started.toString()).contains(file + " belongs to root, and the server runs as mongodb: chown");
        assertThat(Files.getOwner(file).getName()).isEqualTo("root");
    }

    @Test
    void a_program_that_the_user_cannot_reach_is_named_before_anything_is_started() throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), closed.resolve("mongod"));
        ActionResult started = run(start().with("program", program.toString()));
        assertThat(started.isOk()).isFalse();
        assertThat(started.toString()).contains("user mongodb has no permission to execute " + program);
    }

    private static Script start() {
        return Script.of("mongodb/start.sh")
                .with("program", "/bin/true")
                .with("wait", "answer")
                .with("address", "127.81.1.1")
                .with("port", 27017)
                .with("keyfile", "the key")
                .with("conf", "net.port: 27017")
                .with("conf_name", "mongod.conf")
                .with("log", "mongod.log")
                .with("restart", "no")
                .with("patience", 5)
                .with("unfence", "no");
    }
}
