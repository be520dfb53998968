package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.exec.PosixShell;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.mongodb.backup.DamagedBackupFile;
import dev.holdfast.mongodb.backup.RepositoryMount;
import dev.holdfast.mongodb.backup.RepositoryState;
import dev.holdfast.mongodb.restore.ProgressRecords;
import dev.holdfast.mongodb.state.HostFiles;
import dev.holdfast.mongodb.state.InstalledVersions;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.state.PeerObservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every script that observes MongoDB's directories prints, in each shell that a host can have, the records that Java reads. */
@Tag("unit")
class MongoScriptContractTest {

    private static final String HOSTILE = "a \"quote\", a \\ and é";
    private static final String ID = "shop/rs/a1";

    @TempDir
    static Path folder;

    private static ScriptRenderer words;
    private static Path member;
    private static Path repository;

    @BeforeAll
    static void write() throws IOException {
        words = new ScriptRenderer(new SecretStore(folder, Map.of(), Map.of(), false));
        member = Files.createDirectories(folder.resolve("members/a1"));
        Files.createDirectories(member.resolve("run"));
        Files.createDirectories(member.resolve("data/journal"));
        Files.createDirectories(member.resolve("data/rollback/shop.orders"));
        Files.createDirectories(member.resolve("rolled-back/1"));
        Files.createDirectories(member.resolve("log"));
        Files.writeString(member.resolve("holdfast.node"), "estate " + ID + "\n");
        Files.writeString(member.resolve("holdfast.fenced"), "restored to " + HOSTILE + "\n");
        Files.writeString(member.resolve("holdfast.restore"), "unpacked r 1\n");
        Files.writeString(
                member.resolve("holdfast.failovers"),
                "2026-01-01T00:00:00Z forced failover to b1 from configuration 3\n");
        Files.writeString(member.resolve("keyfile"), "key\n");
        Files.writeString(member.resolve("mongod.conf"), "net.bindIp: \"127.0.0.1\"\nnet.port: 27017\n");
        Files.writeString(member.resolve("data/WiredTiger"), "");
        Files.writeString(member.resolve("data/journal/WiredTigerLog.1"), "");
        Files.writeString(member.resolve("data/rollback/shop.orders/removed \"1\".bson"), "");
        Files.writeString(member.resolve("rolled-back/1/list"), "shop.orders\t2\t/x/" + HOSTILE + "\n");
        Files.writeString(member.resolve("log/mongod.log"), "{\"msg\":\"Too stale to catch up\"}\n");
        repository = Files.createDirectories(folder.resolve("repository"));
        Path oplog = Files.createDirectories(repository.resolve("rs/oplog"));
        Path copy = Files.createDirectories(repository.resolve("rs/base/20260101T000000Z"));
        Files.createDirectories(repository.resolve("rs/base/20260102T000000Z.part"));
        Files.writeString(repository.resolve("holdfast.repository"), "mark 1\n");
        Files.writeString(repository.resolve("balancer"), "");
        Files.writeString(repository.resolve("proven"), "2026-01-01T00:00:00Z\tr-1\n2026-01-02T00:00:00Z\tr-2\n");
        Files.writeString(oplog.resolve("1-1_2-1-abc.bson.gz"), "damaged");
        Files.writeString(oplog.resolve("state"), "7:1\t1767225600000\t1\n");
        Files.writeString(
                copy.resolve("manifest"),
                "member\tshop/rs/a1\ncollection\tshop." + HOSTILE + "\tuuid\nfile\tx\narchive\tdata.tar\nsum\t0\n");
        Files.writeString(copy.resolve("data.tar"), "12345");
    }

    private static ScriptAnswer answer(PosixShell shell, ScriptFormat format, Map<String, Object> values)
            throws Exception {
        shell.assumed();
        ScriptAnswer answer = format.read(shell.run(words.shell(new Script(format.script(), values))));
        assertThat(answer.isOk()).as(answer.sentence()).isTrue();
        return answer;
    }

    private static Map<String, Object> nodes(String name, Object value) {
        return Map.of("nodes", ID + "\t" + member + "\nshop/rs/b1\t" + folder.resolve("none"), name, value);
    }

    @ParameterizedTest
    @EnumSource
    void files_of_nodes(PosixShell shell) throws Exception {
        Map<String, Object> values = Map.of(
                "nodes",
                ID + "\t" + member + "\nshop/rs/b1\t" + folder.resolve("none"),
                "keyfile",
                "key",
                "root",
                member.getParent().toString(),
                "mark",
                "estate");
        assertThat(answer(shell, HostFiles.FORMAT, values).records().toString())
                .contains("KeyFile[id=shop/rs/a1, state=SAME, mode=")
                .contains("KeyFile[id=shop/rs/b1, state=ABSENT, mode=]")
                .contains("Fenced[id=shop/rs/a1, reason=restored to " + HOSTILE + "]")
                .contains("Restoring[id=shop/rs/a1, order=r 1]")
                .contains("Data[id=shop/rs/a1, state=THERE, options=]")
                .contains("Data[id=shop/rs/b1, state=NONE, options=]")
                .contains("Marked[id=shop/rs/a1, directory=" + member
                        + ", process=DOWN, address=127.0.0.1, port=27017, data=THERE]");
    }

    @ParameterizedTest
    @EnumSource
    void records_of_members(PosixShell shell) throws Exception {
        assertThat(answer(shell, MemberDirectoryState.RECORDS, nodes("x", ""))
                        .records()
                        .toString())
                .contains("Fenced[id=shop/rs/a1, reason=restored to " + HOSTILE + "]")
                .contains(
                        "Failover[id=shop/rs/a1, line=2026-01-01T00:00:00Z forced failover to b1 from configuration 3]")
                .containsPattern("Written\\[id=shop/rs/a1, seconds=[0-9]{10,}]")
                .contains("Rollback[id=shop/rs/a1, file=rollback/shop.orders/removed \"1\".bson]")
                .contains("Moved[id=shop/rs/a1, collection=shop.orders, documents=2, file=/x/" + HOSTILE + "]")
                .contains("Broken[id=shop/rs/a1, reason=the member is too stale");
    }

    @ParameterizedTest
    @EnumSource
    void progress_of_restores(PosixShell shell) throws Exception {
        assertThat(answer(shell, ProgressRecords.FORMAT, nodes("space", "yes"))
                        .records()
                        .toString())
                .contains("Restore[id=shop/rs/a1, state=UNPACKED, order=r 1]")
                .contains("Fenced[id=shop/rs/a1, reason=restored to " + HOSTILE + "]")
                .containsPattern("Space\\[id=shop/rs/b1, kib=[0-9]+, mount=/");
    }

    @ParameterizedTest
    @EnumSource
    void contents_of_a_repository(PosixShell shell) throws Exception {
        Map<String, Object> values = Map.of("root", repository.toString(), "sets", "rs\nnone");
        assertThat(answer(shell, RepositoryState.CONTENTS, values).records().toString())
                .containsPattern("Root\\[kib=[1-9]")
                .contains("Proven[at=2026-01-02T00:00:00Z, target=r-2]")
                .contains("Balancer[]")
                .contains("Slice[set=rs, file=1-1_2-1-abc.bson.gz, bytes=7]")
                .contains("ArchivedUpTo[set=rs, last=7:1, millis=1767225600000]")
                .contains("Part[set=rs, label=20260102T000000Z.part]")
                .contains("Manifest[set=rs, label=20260101T000000Z, name=member, value=shop/rs/a1, detail=]")
                .contains("name=collection, value=shop." + HOSTILE + ", detail=uuid]")
                .doesNotContain("name=file")
                .contains("Archive[set=rs, label=20260101T000000Z, bytes=5]");
        assertThat(answer(shell, DamagedBackupFile.OF_REPOSITORY, values).records())
                .containsExactlyInAnyOrder(
                        new DamagedBackupFile(
                                "rs", "1-1_2-1-abc.bson.gz", "the content differs from the checksum in the file name"),
                        new DamagedBackupFile("rs", "20260101T000000Z", "the manifest differs from its checksum"));
        Map<String, Object> pieces =
                Map.of("root", repository.toString(), "pieces", "rs\tslice\tnone.bson.gz\nrs\tcopy\t20260101T000000Z");
        assertThat(answer(shell, DamagedBackupFile.OF_RESTORE, pieces).records())
                .containsExactly(
                        new DamagedBackupFile("rs", "none.bson.gz", "the file is missing"),
                        new DamagedBackupFile("rs", "20260101T000000Z", "the manifest differs from its checksum"));
        assertThat(answer(
                                shell,
                                RepositoryMount.ACCESS,
                                Map.of("root", repository.toString(), "data", member.toString()))
                        .records()
                        .toString())
                .containsPattern("MountAccess\\[mark=mark 1, writable=YES, need=[1-9][0-9]*, free=[1-9][0-9]*]");
        Map<String, Object> none = Map.of("root", folder.resolve("none").toString(), "sets", "rs", "data", "/none");
        assertThat(answer(shell, RepositoryState.CONTENTS, none).records()).isEmpty();
        assertThat(answer(shell, DamagedBackupFile.OF_REPOSITORY, none).records())
                .isEmpty();
        assertThat(answer(shell, RepositoryMount.ACCESS, none).records().toString())
                .contains("MountAccess[mark=, writable=NO, need=0, free=0]");
    }

    @ParameterizedTest
    @EnumSource
    void programs_and_servers_that_are_missing(PosixShell shell) throws Exception {
        assertThat(answer(shell, InstalledVersions.VERSIONS, Map.of("programs", "none-such\nsh"))
                        .records()
                        .toString())
                .contains("Program[name=none-such, version=]");
        assertThat(answer(shell, PeerObservation.HELLO_ON_HOST, Map.of("address", "127.31.0.9", "port", 1))
                        .records())
                .isEmpty();
    }
}
