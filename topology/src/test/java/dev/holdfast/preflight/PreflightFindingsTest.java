package dev.holdfast.preflight;

import static dev.holdfast.preflight.PreflightScene.folder;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.HostRecords.PortState;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.ExitCode;
import dev.holdfast.preflight.Finding.Level;
import dev.holdfast.preflight.PreflightRecords.Access;
import dev.holdfast.preflight.PreflightRecords.Account;
import dev.holdfast.preflight.PreflightRecords.Choice;
import dev.holdfast.preflight.PreflightRecords.Folder;
import dev.holdfast.preflight.PreflightRecords.Login;
import dev.holdfast.preflight.PreflightRecords.Port;
import dev.holdfast.preflight.PreflightRecords.Presence;
import dev.holdfast.preflight.PreflightRecords.Program;
import dev.holdfast.preflight.PreflightRecords.Search;
import dev.holdfast.preflight.PreflightRecords.Setting;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each finding about one host of an estate whose other hosts lack nothing. */
@Tag("unit")
class PreflightFindingsTest {

    private final PreflightScene scene = new PreflightScene();

    private static void isOne(List<Finding> findings, FindingCode code, Level level, String value, String limit) {
        assertThat(findings).hasSize(1).first().satisfies(f -> {
            assertThat(f.code()).isEqualTo(code);
            assertThat(f.level()).isEqualTo(level);
            assertThat(f.value()).isEqualTo(value);
            assertThat(f.limit()).isEqualTo(limit);
            assertThat(f.host()).isEqualTo("b1");
            assertThat(f.what()).isNotEmpty();
            assertThat(f.hint()).isNotEmpty();
        });
    }

    @Test
    void hosts_that_lack_nothing_have_no_finding() {
        assertThat(scene.findings()).isEmpty();
        assertThat(scene.report().exit()).isEqualTo(ExitCode.DONE);
        assertThat(scene.report().connections()).isEqualTo(new ConnectionCounts(0, 12, 0, 0));
    }

    @Test
    void a_missing_program_is_named_with_the_command_that_installs_it() {
        scene.with("b1", new Program("perl", "", ""), p -> p.name().equals("perl"));
        isOne(scene.findings(), FindingCode.PROGRAM_MISSING, Level.ERROR, "none", "installed");
        assertThat(scene.findings().get(0).what()).isEqualTo("socat or perl is not installed");
        assertThat(scene.findings().get(0).hint()).isEqualTo("apt-get install socat");
        scene.with(
                "b1", new Program("socat", "/usr/bin/socat", ""), p -> p.name().equals("socat"));
        assertThat(scene.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"8.0.4, true", "15.2, true", "15.2.1, true", "80.1, false", "15.20, false", "7.0.1, false"})
    void a_version_is_supported_when_its_series_is(String version, boolean isSupported) {
        assertThat(PreflightScene.SERVER.supports(version)).isEqualTo(isSupported);
    }

    @Test
    void a_program_without_a_supported_version_is_an_error() {
        scene.with(
                "b1",
                new Program("server", "/usr/bin/server", "7.0.1"),
                p -> p.name().equals("server"));
        isOne(scene.findings(), FindingCode.PROGRAM_VERSION, Level.ERROR, "7.0.1", "8, 15.2");
    }

    @Test
    void a_program_of_another_version_than_the_declared_one_is_an_error_with_its_path() {
        scene.declared = new DeclaredVersion("8.0.1");
        scene.with(
                "b1",
                new Program("server", "/opt/server", "8.0.4"),
                p -> p.name().equals("server"));
        List<Finding> all = scene.findings();
        assertThat(all)
                .filteredOn(f -> f.host().equals("b1"))
                .singleElement()
                .satisfies(f -> assertThat(f.what()).isEqualTo("server is not of the declared version"))
                .satisfies(f -> assertThat(f.value()).isEqualTo("8.0.4 (/opt/server)"))
                .satisfies(f -> assertThat(f.limit()).isEqualTo("8.0.1"))
                .satisfies(f -> assertThat(f.level()).isEqualTo(Level.ERROR));
        scene.declared = new DeclaredVersion("8");
        assertThat(scene.findings()).isEmpty();
    }

    @Test
    void a_program_that_prints_no_version_is_unknown_and_not_fine() {
        scene.with(
                "b1",
                new Program("server", "/usr/bin/server", ""),
                p -> p.name().equals("server"));
        isOne(scene.findings(), FindingCode.PROGRAM_VERSION, Level.WARNING, Finding.UNKNOWN, "8, 15.2");
    }

    @Test
    void hosts_of_one_cluster_need_a_common_major_version() {
        scene.with(
                        "b1",
                        new Program("server", "/usr/bin/server", "15.2"),
                        p -> p.name().equals("server"))
                .with(
                        "b1",
                        new Setting("transparent_hugepage", "never"),
                        s -> s.name().startsWith("trans"));
        assertThat(scene.findings())
                .hasSize(3)
                .allSatisfy(f -> assertThat(f.code()).isEqualTo(FindingCode.PROGRAM_VERSION))
                .extracting(Finding::value)
                .containsExactly("8", "15", "8");
        scene.with("b1", new Program("server", "/opt/server", "8.0.1"), p -> false);
        assertThat(scene.findings())
                .as("a second version next to the first")
                .noneMatch(f -> f.code() == FindingCode.PROGRAM_VERSION);
    }

    @Test
    void the_user_of_a_server_must_exist_where_root_starts_it() {
        scene.with("b1", new Account("server", Presence.ABSENT));
        isOne(scene.findings(), FindingCode.ACCOUNT_MISSING, Level.ERROR, "absent", "present");
        scene.with("b1", new Login("server", Choice.NO));
        assertThat(scene.findings()).isEmpty();
    }

    @Test
    void a_directory_that_cannot_be_created_is_an_error() {
        scene.with("b1", new Login("dba", Choice.NO)).with("b1", folder(Access.CLOSED, Search.OPEN, "xfs", "99000000"));
        isOne(scene.findings(), FindingCode.DIRECTORY_CLOSED, Level.ERROR, "/var/lib is closed to dba", "writable");
        assertThat(scene.findings().get(0).hint()).contains("chown dba /var/lib/holdfast/pay");
    }

    @Test
    void several_directories_below_a_closed_one_are_one_finding() {
        scene.with("b1", folder(Access.CLOSED, Search.OPEN, "xfs", "99000000"))
                .with(
                        "b1",
                        new Folder("/var/lib/x", "", "/var/lib", Access.CLOSED, Search.OPEN, "xfs", "99000000"),
                        f -> false);
        assertThat(scene.findings()).hasSize(1);
    }

    @Test
    void a_directory_that_the_user_of_the_server_cannot_search_is_an_error() {
        scene.with("b1", folder(Access.WRITABLE, Search.CLOSED, "xfs", "99000000"));
        isOne(scene.findings(), FindingCode.DIRECTORY_SEARCH, Level.ERROR, "closed", "open");
        scene.with("b1", folder(Access.WRITABLE, Search.UNKNOWN, "xfs", "99000000"));
        isOne(scene.findings(), FindingCode.DIRECTORY_SEARCH, Level.WARNING, Finding.UNKNOWN, "open");
    }

    @Test
    void a_directory_with_other_files_is_an_error() {
        scene.server("b1", NodeAvailability.DOWN, DirectoryOwner.FOREIGN);
        isOne(
                scene.findings(),
                FindingCode.DIRECTORY_FOREIGN,
                Level.ERROR,
                "files of another owner",
                "absent or empty");
        scene.server("b1", NodeAvailability.DOWN, DirectoryOwner.OURS);
        assertThat(scene.findings()).isEmpty();
    }

    @Test
    void a_read_only_file_system_is_an_error() {
        scene.with("b1", folder(Access.READ_ONLY, Search.OPEN, "xfs", "99000000"));
        isOne(scene.findings(), FindingCode.FILE_SYSTEM_READ_ONLY, Level.ERROR, "read-only", "writable");
    }

    @ParameterizedTest
    @CsvSource({"tmpfs, WARNING", "nfs4, WARNING", "fuse.sshfs, WARNING", "btrfs, INFORMATION", "ext4, "})
    void a_type_of_file_system_is_judged(String type, Level level) {
        scene.with("b1", folder(Access.WRITABLE, Search.OPEN, type, "99000000"));
        if (level == null) {
            assertThat(scene.findings()).isEmpty();
        } else {
            isOne(scene.findings(), FindingCode.FILE_SYSTEM_TYPE, level, type, "xfs or ext4");
        }
    }

    @Test
    void an_unknown_file_system_is_not_fine() {
        scene.with("b1", folder(Access.WRITABLE, Search.OPEN, "", "99000000"));
        isOne(scene.findings(), FindingCode.FILE_SYSTEM_TYPE, Level.WARNING, Finding.UNKNOWN, "xfs or ext4");
    }

    @Test
    void little_free_space_is_a_warning_and_too_little_is_an_error() {
        scene.with("b1", folder(Access.WRITABLE, Search.OPEN, "xfs", "1048576"));
        assertThat(scene.findings()).isEmpty();
        scene.with("b1", folder(Access.WRITABLE, Search.OPEN, "xfs", "1048575"));
        isOne(scene.findings(), FindingCode.DISK_SPACE, Level.WARNING, "1023 MiB", "1024 MiB");
        scene.with("b1", folder(Access.WRITABLE, Search.OPEN, "xfs", "65535"));
        isOne(scene.findings(), FindingCode.DISK_SPACE, Level.ERROR, "63 MiB", "64 MiB");
        scene.with("b1", folder(Access.WRITABLE, Search.OPEN, "xfs", ""));
        isOne(scene.findings(), FindingCode.DISK_SPACE, Level.WARNING, Finding.UNKNOWN, "1024 MiB");
    }

    @Test
    void a_port_that_another_process_uses_is_an_error() {
        scene.with("b1", new Port("b1.example", 8008, PortState.TAKEN), p -> p.port() == 8008);
        isOne(scene.findings(), FindingCode.PORT_TAKEN, Level.ERROR, "used", "free");
        assertThat(scene.findings().get(0).what())
                .contains("port 8008 of b1.example")
                .contains("pay/servers/b1");
    }

    @Test
    void a_port_that_the_declared_server_uses_is_fine() {
        scene.server("b1", NodeAvailability.UP, DirectoryOwner.OURS)
                .with("b1", new Port("b1.example", 5432, PortState.TAKEN), p -> p.port() == 5432);
        assertThat(scene.findings()).noneMatch(f -> f.code() == FindingCode.PORT_TAKEN);
        scene.server("b1", NodeAvailability.SILENT, DirectoryOwner.OURS);
        isOne(scene.findings(), FindingCode.PORT_TAKEN, Level.WARNING, Finding.UNKNOWN, "pay/servers/b1");
    }

    @Test
    void a_processor_without_what_the_server_needs_is_an_error() {
        scene.with("b1", new Setting("cpu", "without AVX"), s -> s.name().equals("cpu"));
        isOne(scene.findings(), FindingCode.CPU, Level.ERROR, "without AVX", "not without AVX");
    }

    @Test
    void a_limit_is_advice_with_the_strictest_number_of_all_servers() {
        scene.with("b1", new Setting("nofile", "63999"), s -> s.name().equals("nofile"));
        isOne(scene.findings(), FindingCode.LIMIT, Level.WARNING, "63999", "at least 64000");
        scene.with("b1", new Setting("nofile", "64000"), s -> s.name().equals("nofile"));
        assertThat(scene.findings()).isEmpty();
    }

    @Test
    void a_first_process_that_leaves_ended_processes_is_an_error_that_does_not_stop_apply() {
        scene.with("b1", new Setting("reaping", "no"), s -> s.name().equals("reaping"));
        isOne(scene.findings(), FindingCode.PROCESS_REAPING, Level.ERROR, "no", "yes");
        assertThat(FindingCode.PROCESS_REAPING.stopsApply()).isFalse();
    }

    @Test
    void a_setting_of_the_kernel_is_advice_and_swappiness_counts_only_with_swap() {
        scene.with("b1", new Setting("vm.swappiness", "60"), s -> s.name().equals("vm.swappiness"));
        isOne(scene.findings(), FindingCode.KERNEL, Level.WARNING, "60", "at most 1");
        assertThat(scene.report().exit()).isEqualTo(ExitCode.DONE);
        scene.with("b1", new Setting("swap", "no"), s -> s.name().equals("swap"));
        assertThat(scene.findings()).isEmpty();
    }

    @Test
    void the_version_decides_about_transparent_huge_pages() {
        scene.with(
                "b1",
                new Setting("transparent_hugepage", "never"),
                s -> s.name().startsWith("trans"));
        isOne(scene.findings(), FindingCode.KERNEL, Level.WARNING, "never", "always");
    }

    @ParameterizedTest
    @CsvSource({
        "cpu, CPU",
        "reaping, PROCESS_REAPING",
        "nofile, LIMIT",
        "vm.swappiness, KERNEL",
        "transparent_hugepage, KERNEL"
    })
    void what_a_host_does_not_report_is_unknown_and_not_fine(String name, FindingCode code) {
        scene.with("b1", new Setting(name, ""), s -> s.name().equals(name));
        assertThat(scene.findings()).hasSize(1).first().satisfies(f -> {
            assertThat(f.code()).isEqualTo(code);
            assertThat(f.value()).isEqualTo(Finding.UNKNOWN);
            assertThat(f.level()).isEqualTo(Level.WARNING);
        });
        assertThat(new PreflightScene()
                        .without("b1", r -> r instanceof Setting s && s.name().equals(name))
                        .findings())
                .hasSize(1);
    }

    @Test
    void every_missing_record_is_a_finding() {
        for (Class<?> type : List.of(
                PreflightRecords.Clock.class,
                Login.class,
                Account.class,
                Folder.class,
                Program.class,
                PreflightRecords.Address.class,
                Port.class,
                PreflightRecords.Link.class,
                Setting.class)) {
            List<Finding> findings =
                    new PreflightScene().without("b1", type::isInstance).findings();
            assertThat(findings)
                    .as(type.getSimpleName())
                    .isNotEmpty()
                    .allSatisfy(f -> assertThat(f.level()).isEqualTo(Level.WARNING));
        }
    }

    @Test
    void only_errors_of_a_host_with_new_servers_stop_apply() {
        scene.with("b1", folder(Access.CLOSED, Search.OPEN, "xfs", "99000000"))
                .with("b1", new Setting("vm.swappiness", "60"), s -> s.name().equals("vm.swappiness"))
                .with("b1", new Port("b1.example", 5432, PortState.TAKEN), p -> p.port() == 5432)
                .with("b1", new Program("perl", "", ""), p -> p.name().equals("perl"));
        assertThat(scene.report().stopping(Set.of("a1", "b1")))
                .extracting(Finding::code)
                .containsExactly(FindingCode.DIRECTORY_CLOSED);
        assertThat(scene.report().stopping(Set.of("a1", "c1"))).isEmpty();
        assertThat(scene.report().exit()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void a_host_that_does_not_answer_is_unreachable_and_has_no_other_finding() {
        scene.silent("b1", "no route to host");
        assertThat(scene.findings()).isEmpty();
        assertThat(scene.report().unreachable())
                .containsExactly(new PreflightReport.Unreachable(
                        "b1", scene.report().unreachable().get(0).why()));
        assertThat(scene.report().unreachable().get(0).why()).contains("no route to host");
        assertThat(scene.report().exit()).isEqualTo(ExitCode.UNREACHABLE);
        scene.with("a1", new Account("server", Presence.ABSENT));
        assertThat(scene.report().exit()).isEqualTo(ExitCode.REFUSED);
    }
}
