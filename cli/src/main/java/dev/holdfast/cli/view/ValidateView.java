package dev.holdfast.cli.view;

import dev.holdfast.lint.FailureImpact;
import dev.holdfast.lint.FailureScenario.Scope;
import dev.holdfast.lint.Linter;
import dev.holdfast.model.Node;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Help.Ansi;

/** The problems of a topology, and the effect of each simulated failure. */
public final class ValidateView {

    private final PrintWriter out;
    private final Ansi ansi;

    public ValidateView(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    /**
     * Prints the problems, and then a line that counts them.
     *
     * @param accepted the advice that owners have accepted, which is only counted
     * @param outcomes of simulated failures; empty when none were requested
     */
    public void print(
            String file,
            Optional<Topology> topology,
            List<Problem> problems,
            List<Linter.Accepted> accepted,
            List<FailureImpact> outcomes) {
        problems.forEach(this::print);
        if (!outcomes.isEmpty()) {
            print(topology.get().nodes());
            printPackages(topology.get());
            printFailures(outcomes);
        }
        String counted = counted(problems, true)
                + counted(problems, false)
                + (accepted.isEmpty() ? "" : " " + several(accepted.size(), "accepted warning") + ".");
        if (topology.isEmpty()) {
            out.println(file + ":" + counted);
            return;
        }
        Topology valid = topology.get();
        out.println("Estate " + valid.name() + " is valid: "
                + several(valid.clusters().size(), "cluster") + ", "
                + several(valid.nodes().size(), "node") + " on "
                + several(valid.hosts().size(), "host") + "."
                + counted);
    }

    private void print(Problem problem) {
        String colour = problem.isError() ? "red" : "yellow";
        out.println(problem.place() + ": " + ansi.string("@|" + colour + " " + problem.severity() + "|@ ")
                + problem.what() + (problem.rule().isEmpty() ? "" : " [" + problem.rule() + "]"));
        if (!problem.hint().isEmpty()) {
            out.println("    HINT: " + problem.hint());
        }
    }

    private static String counted(List<Problem> problems, boolean errors) {
        int count = (int) problems.stream().filter(p -> p.isError() == errors).count();
        return count == 0 ? "" : " " + several(count, errors ? "error" : "warning") + ".";
    }

    private static String several(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private void print(List<Node> nodes) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NODE", "ENDPOINT", "DIRECTORY"));
        nodes.forEach(n -> rows.add(List.of(n.id(), n.endpoint(), n.directory())));
        print(rows, "");
    }

    /** Prints the packages that each host needs. */
    private void printPackages(Topology topology) {
        Map<String, Set<String>> byHost = packages(topology);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("HOST", "PACKAGES"));
        byHost.forEach((host, packages) -> rows.add(List.of(host, String.join(" ", packages))));
        if (rows.size() > 1) {
            print(rows, "");
        }
    }

    /** Returns the packages by host; a host that needs none has no entry. */
    private static Map<String, Set<String>> packages(Topology topology) {
        Map<String, Set<String>> byHost = new LinkedHashMap<>();
        topology.clusters()
                .forEach(c -> c.nodes()
                        .forEach(n -> byHost.computeIfAbsent(n.host().name(), h -> new LinkedHashSet<>())
                                .addAll(c.packages(n))));
        byHost.values().removeIf(Set::isEmpty);
        return byHost;
    }

    /** Returns every lost host, zone and region, and only those pairs that do more harm than their hosts alone. */
    private void printFailures(List<FailureImpact> outcomes) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("WHEN LOST", "GROUP", "WRITES", "DATA", "BECAUSE"));
        String last = "";
        for (FailureImpact outcome : outcomes) {
            if (outcome.isHarmless() || outcome.failure().scope() == Scope.PAIR && foreseen(outcome, outcomes)) {
                continue;
            }
            String name = outcome.failure().name();
            rows.add(List.of(
                    name.equals(last) ? "" : name,
                    outcome.group().id(),
                    description(outcome.writes()),
                    description(outcome.data()),
                    outcome.description()));
            last = name;
        }
        if (rows.size() == 1) {
            out.println("No loss of a host, a zone, a region or a pair of hosts stops writes or loses data.");
        } else {
            print(rows, "No other loss of a host, a zone, a region or a pair of hosts stops writes or loses data.");
        }
    }

    private static boolean foreseen(FailureImpact pair, List<FailureImpact> outcomes) {
        return outcomes.stream()
                .anyMatch(o -> o.failure().scope() == Scope.HOST
                        && pair.failure().hosts().containsAll(o.failure().hosts())
                        && o.group().equals(pair.group())
                        && o.writes() == pair.writes()
                        && o.data() == pair.data());
    }

    private static String description(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void print(List<List<String>> rows, String after) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(r -> r.get(column).length())
                        .max()
                        .orElse(0);
                line.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
        if (!after.isEmpty()) {
            out.println(after);
        }
        out.println();
    }

    /** Returns the same as plain maps with stable keys. */
    public static Map<String, Object> data(
            String file,
            Optional<Topology> topology,
            List<Problem> problems,
            List<Linter.Accepted> accepted,
            List<FailureImpact> outcomes) {
        Map<String, Object> data =
                ResultData.result("validation", topology.map(Topology::name).orElse(""));
        data.put("file", file);
        data.put("valid", topology.isPresent());
        data.put("problems", problems.stream().map(ValidateView::data).toList());
        data.put("accepted", accepted.stream().map(ValidateView::data).toList());
        data.put(
                "nodes",
                topology.map(Topology::nodes).orElse(List.of()).stream()
                        .map(ValidateView::data)
                        .toList());
        data.put(
                "packages",
                topology.map(ValidateView::packages).orElse(Map.of()).entrySet().stream()
                        .map(e -> ResultData.map("host", e.getKey(), "packages", List.copyOf(e.getValue())))
                        .toList());
        data.put("failures", outcomes.stream().map(ValidateView::data).toList());
        return data;
    }

    private static Map<String, Object> data(Problem problem) {
        return ResultData.map(
                "severity", problem.severity().name(),
                "file", problem.place().file(),
                "line", problem.place().line(),
                "column", problem.place().column(),
                "what", problem.what(),
                "hint", problem.hint(),
                "rule", problem.rule());
    }

    private static Map<String, Object> data(Linter.Accepted accepted) {
        Map<String, Object> data = data(accepted.problem());
        data.put("owner", accepted.acceptance().owner());
        data.put("until", accepted.acceptance().until().toString());
        data.put("because", accepted.acceptance().because());
        return data;
    }

    private static Map<String, Object> data(Node node) {
        return ResultData.map(
                "node",
                node.id(),
                "host",
                node.host().name(),
                "endpoint",
                node.endpoint(),
                "directory",
                node.directory());
    }

    private static Map<String, Object> data(FailureImpact outcome) {
        return ResultData.map(
                "scope", outcome.failure().scope().name(),
                "lost", outcome.failure().hosts(),
                "name", outcome.failure().name(),
                "group", outcome.group().id(),
                "majority", outcome.majority(),
                "writes", outcome.writes().name(),
                "data", outcome.data().name(),
                "because", outcome.description());
    }
}
