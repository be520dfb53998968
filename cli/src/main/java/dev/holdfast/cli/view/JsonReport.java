package dev.holdfast.cli.view;

import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteReconciliation;
import dev.holdfast.report.DrillReport;
import dev.holdfast.report.DrillTopology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** A drill's report as JSON with stable keys; {@code examples/output.schema.json} describes it. */
public final class JsonReport {

    private JsonReport() {}

    public static Map<String, Object> of(DrillReport report) {
        Map<String, Object> all = ResultData.result("drill", report.fact("estate"));
        all.put("drill", report.fact("drill"));
        all.put("target", report.fact("target"));
        all.put("engine", report.fact("engine"));
        all.put("story", report.fact("story"));
        all.put("began", report.began().toString());
        all.put("verdict", report.word().name());
        all.put("exit", report.exit());
        all.put("rto_ms", millis(report.recovery()));
        all.put("redundancy_restored_ms", millis(report.restored()));
        all.put("objectives", report.evidence().drill().getOrDefault("objectives", Map.of()));
        all.put("predicted", report.evidence().drill().getOrDefault("predicted", List.of()));
        all.put(
                "prediction",
                report.comparison()
                        .map(c -> ResultData.map(
                                "agreement", c.agreement().name().toLowerCase(Locale.ROOT), "because", c.sentence()))
                        .orElse(null));
        all.put("findings", report.findings());
        all.put(
                "phases",
                report.phases().stream()
                        .map(p -> ResultData.map("phase", p.name(), "ms", p.length() / 1e6))
                        .toList());
        all.put("verdicts", report.verdicts().stream().map(JsonReport::of).toList());
        all.put("streams", report.lines().stream().map(JsonReport::of).toList());
        all.put("lost_without_promise", report.unpromisedLosses());
        all.put("rolled_back", report.evidence().rolledBack());
        all.put("untested", report.facts("untested"));
        all.put("holdfast", build(report.topology().holdfast()));
        all.put(
                "nodes",
                report.topology().members().stream().map(JsonReport::of).toList());
        all.put("hosts", report.topology().hosts().stream().map(JsonReport::of).toList());
        all.put("tampered", report.tampered());
        all.put("link", report.link());
        return all;
    }

    private static Object millis(OptionalLong nanos) {
        return nanos.isPresent() ? nanos.getAsLong() / 1_000_000 : null;
    }

    /** Returns null for a ledger of an earlier version, which does not name the build. */
    private static Map<String, Object> build(DrillTopology.Build build) {
        return build.version().isEmpty() ? null : ResultData.map("version", build.version(), "commit", build.commit());
    }

    private static Map<String, Object> of(DrillTopology.Member member) {
        return ResultData.map(
                "node", member.node(),
                "program", member.program(),
                "host", member.host(),
                "zone", member.zone(),
                "region", member.region(),
                "role_before", member.before(),
                "role_after", member.after(),
                "version", member.version(),
                "version_after", member.versionAfter());
    }

    private static Map<String, Object> of(DrillTopology.Machine host) {
        return ResultData.map(
                "host", host.host(),
                "zone", host.zone(),
                "region", host.region(),
                "system", host.system(),
                "kernel", host.kernel(),
                "architecture", host.architecture());
    }

    private static Map<String, Object> of(Verdict verdict) {
        return ResultData.map(
                "claim", verdict.claim(),
                "about", verdict.about(),
                "verdict", verdict.word().name(),
                "because", verdict.because(),
                "evidence", verdict.evidence());
    }

    private static Map<String, Object> of(DrillReport.StreamSummary line) {
        Map<String, Object> one = ResultData.map(
                "stream", line.stream().name(),
                "level", line.stream().level(),
                "promised", line.stream().promised(),
                "affected", line.stream().affected(),
                "acknowledged", line.acknowledged(),
                "refused", line.refused(),
                "indeterminate", line.indeterminate());
        one.put("reconciliation", line.truth().map(JsonReport::of).orElse(null));
        one.put(
                "longest_silence_ms",
                line.outage().map(Outage::silence).map(s -> s / 1_000_000).orElse(null));
        Map<String, Object> reasons = new LinkedHashMap<>();
        line.reasons().forEach((reason, count) -> reasons.put(reason.name().toLowerCase(Locale.ROOT), count));
        one.put("reasons", reasons);
        return one;
    }

    private static Map<String, Object> of(WriteReconciliation truth) {
        return ResultData.map(
                "lost", truth.lost(),
                "ghosts", truth.ghosts(),
                "duplicates", truth.duplicates(),
                "reordered", truth.reordered(),
                "indeterminate_present", truth.indeterminatePresent(),
                "indeterminate_absent", truth.indeterminateAbsent());
    }
}
