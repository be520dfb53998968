package dev.holdfast.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.OutputDocuments;
import dev.holdfast.cli.files.RunDirectory;
import dev.holdfast.ledger.CheckRunner;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Ledger.Entry;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.report.DrillReport;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Reports of a run that was saved on real servers. */
@Tag("unit")
class ReportsTest {

    /** Keys of the ledger whose values are free text. */
    private static final Set<String> FREE = Set.of(
            "drill",
            "estate",
            "target",
            "engine",
            "story",
            "untested",
            "term",
            "because",
            "name",
            "what",
            "rolled_back",
            "group",
            "host",
            "zone",
            "role",
            "version",
            "system",
            "kernel",
            "holdfast",
            "commit");

    @TempDir
    Path folder;

    private DrillReport report;

    @BeforeEach
    void read() throws Exception {
        Path saved = Path.of(
                ReportsTest.class.getResource("/runs/mongo-primary-kill").toURI());
        try (Stream<Path> files = Files.list(saved)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        report = report();
    }

    private DrillReport report() {
        return report(RunDirectory.read(folder).evidence());
    }

    private DrillReport report(Evidence evidence) {
        RunDirectory run = RunDirectory.read(folder);
        return new DrillReport(
                evidence, CheckRunner.judge(BuiltIns.checks(), run.evidence()), 0, run.broken(), run.link());
    }

    @Test
    void a_saved_run_is_judged_again_as_it_was() {
        assertThat(report.tampered()).isEmpty();
        assertThat(report.word().name()).isEqualTo("HELD");
        assertThat(report.recovery().orElseThrow() / 1_000_000).isEqualTo(5457);
        assertThat(report.lost()).hasValue(0);
        assertThat(report.phases())
                .extracting(p -> p.name())
                .containsExactly("detect", "elect", "first acknowledged write");
    }

    @Test
    void a_run_whose_record_of_writes_was_changed_shows_nothing() throws Exception {
        byte[] writes = Files.readAllBytes(folder.resolve("writes.bin"));
        writes[writes.length - 3] ^= 1;
        Files.write(folder.resolve("writes.bin"), writes);
        assertThat(report().tampered()).containsExactly("writes.bin was changed after the run");
        assertThat(report().word().name()).isEqualTo("UNKNOWN");
    }

    @Test
    void writes_that_nothing_was_promised_of_are_named_with_the_files_that_have_them_or_why_there_is_none() {
        assertThat(report.unpromisedLosses()).isEmpty();
        assertThat(DrillReport.unpromisedLosses(
                        "notes w:1", List.of(23071, 25119), List.of("m1:/d/rollback/removed.1.bson")))
                .isEqualTo("notes w:1 promises no durability: 2 acknowledged writes are lost, 23071, 25119;"
                        + " writes removed by rollbacks are saved in m1:/d/rollback/removed.1.bson");
        assertThat(DrillReport.unpromisedLosses("notes w:1", List.of(16792), List.of()))
                .isEqualTo("notes w:1 promises no durability: 1 acknowledged write is lost, 16792; no rollback has left"
                        + " a file, so these writes had not reached the journal when the server ended");
    }

    @Test
    void what_was_read_back_without_one_write_names_it_as_lost() throws Exception {
        RunDirectory run = RunDirectory.read(folder);
        var found = run.evidence().found(run.evidence().streams().get(0)).orElseThrow();
        long[] ids = java.util.Arrays.copyOfRange(found.ids(), 1, found.ids().length);
        long[] positions = java.util.Arrays.copyOfRange(found.positions(), 1, found.positions().length);
        dev.holdfast.cli.files.ReadBackFile.write(
                folder, new dev.holdfast.ledger.ReadBackResult(0, found.node(), ids, positions));
        assertThat(report().lost()).hasValue(1);
        assertThat(HtmlReport.of(report())).contains("lost: " + found.ids()[0]);
    }

    @Test
    void the_page_needs_nothing_but_itself_and_shows_the_same_figures() {
        String page = HtmlReport.of(report);
        assertThat(page)
                .contains("<svg class=\"wide\"")
                .contains("<svg class=\"narrow\"")
                .contains("5.46 s");
        assertThat(page).contains("prefers-color-scheme: dark").contains("What was not tested");
        assertThat(page.replaceAll("http-equiv", "")).doesNotContainPattern("src=|href=|url\\(|https?:|<script");
        assertThat(page).contains(report.link());
    }

    @Test
    void the_page_lists_the_events_by_their_time_after_the_fault() {
        String page = HtmlReport.of(report);
        assertThat(page).containsPattern("\\+0\\.00 s</td><td>fault</td>");
        assertThat(page).contains("+5.46 s</td><td>served again</td><td>first acknowledged write</td>");
        assertThat(EventRow.all(report.evidence()))
                .extracting(EventRow::name)
                .containsSubsequence("served", "fault", "served again", "healthy", "stopped");
    }

    @Test
    void a_measured_time_within_the_prediction_is_no_finding() {
        assertThat(report.findings()).isEmpty();
        assertThat(HtmlReport.of(report))
                .contains("<p class=\"agreement WITHIN\">The recovery took 5.5 s, within the predicted")
                .doesNotContain("<h2>Findings</h2>");
        assertThat(ResultData.json(JsonReport.of(report))).contains("\"agreement\" : \"within\"");
    }

    @Test
    void a_prediction_that_the_measurement_misses_by_more_than_twice_is_a_finding_with_the_longest_phase() {
        DrillReport missed = withPrediction(100, 1500);
        assertThat(missed.findings())
                .singleElement()
                .asString()
                .startsWith("The recovery took 5.5 s, more than twice the predicted 0.1 to 1.5 s.")
                .containsPattern("The longest phase is \"(detect|elect)\" with [0-9.]+ s\\.");
        assertThat(HtmlReport.of(missed)).contains("<h2>Findings</h2>").contains("class=\"agreement MISSED\"");
        OutputDocuments.mustAgree(ResultData.json(JsonReport.of(missed)));
        assertThat(withPrediction(100, 4000).findings()).isEmpty();
    }

    private DrillReport withPrediction(int least, int most) {
        Evidence saved = RunDirectory.read(folder).evidence();
        List<Entry> entries = saved.entries().stream()
                .map(e -> {
                    if (e.kind() != Kind.DRILL) {
                        return e;
                    }
                    Map<String, Object> facts = new LinkedHashMap<>(e.facts());
                    facts.put(
                            "predicted",
                            List.of(Map.of("term", "elect", "least_ms", least, "most_ms", most, "because", "a test")));
                    return new Entry(e.number(), e.at(), e.kind(), facts);
                })
                .toList();
        List<ReadBackResult> found =
                saved.found(saved.streams().get(0)).stream().toList();
        return new DrillReport(
                new Evidence(entries, saved.writes(), found), report.verdicts(), 0, List.of(), report.link());
    }

    /** Every fact of the run that a person can have written, with more text at its end. */
    private static Object longer(String key, Object value, String more) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((k, v) -> copy.put(k.toString(), longer(k.toString(), v, more)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(v -> longer(key, v, more)).toList();
        }
        return FREE.contains(key) ? value + more : value;
    }

    @SuppressWarnings("unchecked")
    private DrillReport report(String more) {
        Evidence saved = withTopology(Map.of("note", ""));
        List<Entry> entries = new ArrayList<>();
        saved.entries()
                .forEach(e -> entries.add(
                        new Entry(e.number(), e.at(), e.kind(), (Map<String, Object>) longer("", e.facts(), more))));
        entries.add(new Entry(
                entries.size() + 1,
                saved.entries().get(0).at(),
                Kind.NOTED,
                Map.of("rolled_back", List.of("file" + more))));
        List<Verdict> verdicts = List.of(
                Verdict.held("claim" + more, "about" + more, "reason" + more, Map.of()),
                Verdict.unknown("claim" + more, "about" + more, "reason" + more));
        List<ReadBackResult> found =
                saved.found(saved.streams().get(0)).stream().toList();
        return new DrillReport(
                new Evidence(entries, saved.writes(), found), verdicts, 0, List.of("changed" + more), "link" + more);
    }

    private static Map<String, Object> node(String name, String state, String role, String version) {
        return ResultData.map(
                "node",
                "social/shard-a/" + name,
                "cluster",
                "social",
                "group",
                "shard-a",
                "program",
                "mongod",
                "host",
                name,
                "zone",
                "zone-" + name,
                "region",
                "",
                "state",
                state,
                "role",
                role,
                "version",
                version);
    }

    /** Returns the saved run, as if the present version had recorded it. */
    private Evidence withTopology(Map<String, Object> observedLater) {
        Evidence saved = RunDirectory.read(folder).evidence();
        List<Entry> entries = new ArrayList<>();
        saved.entries().forEach(e -> {
            Map<String, Object> facts = new LinkedHashMap<>(e.facts());
            if (e.kind() == Kind.RUN_STARTED) {
                facts.putAll(Map.of("holdfast", "1.2.3", "commit", "abc123"));
            }
            if (e.kind() == Kind.DRILL) {
                facts.put(
                        "nodes",
                        List.of(
                                node("a1", "up", "primary", "8.2.1"),
                                node("b1", "up", "secondary", "8.2.1"),
                                node("c1", "silent", "", "")));
                facts.put(
                        "hosts",
                        List.of(
                                ResultData.map(
                                        "host",
                                        "a1",
                                        "zone",
                                        "zone-a1",
                                        "region",
                                        "",
                                        "system",
                                        "Debian GNU/Linux 12 (bookworm)",
                                        "kernel",
                                        "6.1.0-18-amd64",
                                        "architecture",
                                        "x86_64"),
                                ResultData.map("host", "c1", "zone", "", "region", "")));
            }
            entries.add(new Entry(e.number(), e.at(), e.kind(), facts));
        });
        entries.add(new Entry(entries.size() + 1, saved.entries().get(0).at(), Kind.NOTED, observedLater));
        List<ReadBackResult> found =
                saved.found(saved.streams().get(0)).stream().toList();
        return new Evidence(entries, saved.writes(), found);
    }

    @Test
    void the_report_has_the_roles_before_and_after_the_zones_and_all_versions() {
        DrillReport report = report(withTopology(Map.of(
                "nodes_after",
                List.of(
                        node("a1", "up", "secondary", "8.2.1"),
                        node("b1", "up", "primary", "8.2.2"),
                        node("c1", "down", "", "")))));
        assertThat(HtmlReport.of(report))
                .contains("<h2>Topology and versions</h2>", "Holdfast 1.2.3, commit <code>abc123</code>")
                .contains("<h3>social/shard-a</h3>")
                .contains("<td>a1<br><small>a1 · zone-a1</small></td><td><b>primary → secondary</b>")
                .contains("<b>unreachable → down</b>")
                .contains("<td>8.2.1 → 8.2.2<br><small>mongod</small>")
                .contains(
                        "<td>a1 · zone-a1</td><td>Debian GNU/Linux 12 (bookworm) · Linux 6.1.0-18-amd64 · x86_64</td>")
                .contains("<td>c1</td><td>unknown</td>");
        String json = ResultData.json(JsonReport.of(report));
        OutputDocuments.mustAgree(json);
        assertThat(OutputDocuments.in(json).get(0).at("/nodes/1/role_after").asText())
                .isEqualTo("primary");
        assertThat(OutputDocuments.in(json).get(0).at("/holdfast/version").asText())
                .isEqualTo("1.2.3");
    }

    @Test
    void without_an_observation_after_the_drill_the_report_says_so() {
        DrillReport report = report(withTopology(Map.of("note", "ended early: interrupted")));
        assertThat(HtmlReport.of(report))
                .contains("<td>primary <br><small>not observed after the drill</small>")
                .doesNotContain("primary →");
        assertThat(OutputDocuments.in(ResultData.json(JsonReport.of(report)))
                        .get(0)
                        .at("/nodes/0/role_after")
                        .asText())
                .isEqualTo("unknown");
    }

    @Test
    void hostile_text_in_any_field_stays_text() {
        String hostile = "\"'><script>alert(1)</script><img src=x onerror='alert(2)'>&lt;</p></style>${7*7}";
        String escaped = "&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=";
        DrillReport report = report(hostile);
        String page = HtmlReport.of(report);
        assertThat(tags(page)).isEqualTo(tags(HtmlReport.of(report(""))));
        assertThat(page)
                .doesNotContain("<script")
                .doesNotContain("<img")
                .contains("${7*7}")
                .doesNotContain("49</");
        assertThat(Stream.of(
                                report.evidence().streams().get(0).name(), // in the table of streams
                                report.fact("estate"),
                                report.fact("engine"),
                                report.fact("story"),
                                report.fact("drill"),
                                report.fact("target"),
                                report.facts("untested").get(0),
                                report.predicted().get(0).name(),
                                report.predicted().get(0).because(),
                                report.phases().get(0).name(),
                                report.topology().members().get(0).group(),
                                report.topology().members().get(0).zone(),
                                report.topology().members().get(0).before(),
                                report.topology().members().get(0).version(),
                                report.topology().hosts().get(0).system(),
                                report.topology().hosts().get(0).kernel(),
                                report.topology().holdfast().version(),
                                report.topology().holdfast().commit(),
                                "claim" + hostile,
                                "about" + hostile,
                                "reason" + hostile,
                                "changed" + hostile,
                                "file" + hostile,
                                "link" + hostile)
                        .map(text -> text.substring(0, text.indexOf("\"'>"))))
                .allSatisfy(text -> assertThat(page)
                        .containsPattern(
                                Pattern.quote(plain(text)) + "(\"|&quot;|&#34;)('|&#39;)" + Pattern.quote(escaped)));
    }

    /** As text is written into the page. */
    private static String plain(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static List<String> tags(String page) {
        return Pattern.compile("<[^>]*>")
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void words_from_a_topology_cannot_become_markup() {
        assertThat(SvgWriter.escaped("<b a=\"x\">'&")).isEqualTo("&lt;b a=&quot;x&quot;&gt;&#39;&amp;");
    }

    @Test
    void the_json_report_agrees_with_its_published_schema() {
        OutputDocuments.mustAgree(ResultData.json(JsonReport.of(report)));
    }

    @Test
    void junit_xml_counts_broken_claims_as_failures_and_unknown_ones_as_errors() throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(JunitReport.of(report).getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
        assertThat(suite.getAttribute("tests"))
                .isEqualTo(Integer.toString(report.verdicts().size()));
        assertThat(suite.getElementsByTagName("testcase").getLength())
                .isEqualTo(report.verdicts().size());
        assertThat(suite.getAttribute("failures")).isEqualTo("0");
        assertThat(suite.getAttribute("errors")).isEqualTo("0");
    }

    @Test
    void metrics_are_open_metrics_and_leave_out_what_is_unknown() {
        List<String> lines = OpenMetricsReport.of(report).lines().toList();
        assertThat(lines.get(lines.size() - 1)).isEqualTo("# EOF");
        assertThat(lines).allMatch(l -> l.matches("# (TYPE|HELP|EOF).*|[a-z_]+\\{.*} [-0-9.]+"));
        assertThat(lines).anyMatch(l -> l.startsWith("holdfast_drill_recovery_seconds{") && l.contains("} 5.4575"));
    }
}
