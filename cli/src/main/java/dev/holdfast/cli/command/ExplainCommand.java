package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.config.EstateSchema;
import dev.holdfast.config.KeyReference;
import dev.holdfast.config.KeyReference.Entry;
import dev.holdfast.config.Suggestion;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code explain}: prints what a key of the topology file means. */
@Command(
        name = "explain",
        description = "Print the value and the meaning of a key of the topology file. Contacts no server.",
        footer = {
            "  holdfast explain durability",
            "  holdfast explain clusters.payments.backup",
            "  holdfast explain hosts -o json"
        })
public final class ExplainCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    HelpOption help;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or yaml (default: text)")
    CommonOptions.Output output;

    @Parameters(
            arity = "0..1",
            paramLabel = "KEY",
            description = "a key, or the end of its path, e.g. durability or reach.ssh.user (default: the first level)")
    String key;

    /** What several keys can have in common. */
    private record Meaning(
            String value, boolean required, String about, String change, String only, List<String> below) {}

    @Override
    public Integer call() {
        List<Entry> all = KeyReference.of(EstateSchema.of(BuiltIns.engines()));
        List<Entry> found = all.stream()
                .filter(e -> key == null ? !e.path().contains(".") : e.endsWith(key))
                .toList();
        if (found.isEmpty()) {
            throw unknown(all);
        }
        Map<Meaning, List<String>> paths = new LinkedHashMap<>();
        found.forEach(e ->
                paths.computeIfAbsent(meaning(e, all), m -> new ArrayList<>()).add(e.path()));
        Map<String, Object> data = ResultData.result("explain", "");
        data.put(
                "keys", found.stream().map(e -> data(e.path(), meaning(e, all))).toList());
        CommandOutput.result(
                spec, output, data, out -> paths.forEach((meaning, places) -> print(out, meaning, places)));
        return ExitCode.DONE.code();
    }

    private static Meaning meaning(Entry key, List<Entry> all) {
        List<String> below =
                all.stream().filter(key::contains).map(Entry::name).distinct().toList();
        return new Meaning(
                KeyReference.brief(key.shape()), key.required(), key.about(), key.changes(), key.only(), below);
    }

    private static Map<String, Object> data(String path, Meaning meaning) {
        return ResultData.map(
                "path", path,
                "about", meaning.about(),
                "value", meaning.value(),
                "required", meaning.required(),
                "only_with", meaning.only(),
                "keys", meaning.below());
    }

    private static void print(PrintWriter out, Meaning meaning, List<String> places) {
        places.forEach(out::println);
        out.println("    " + meaning.about());
        out.println("    value: " + meaning.value() + (meaning.required() ? " (required)" : ""));
        out.println("    a change is " + meaning.change());
        if (!meaning.only().isEmpty()) {
            out.println("    only with " + meaning.only());
        }
        if (!meaning.below().isEmpty()) {
            out.println("    keys: " + String.join(", ", meaning.below()));
        }
    }

    private HoldfastException unknown(List<Entry> all) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        List<String> near = all.stream()
                .map(Entry::name)
                .filter(n -> !n.equals("<name>"))
                .distinct()
                .collect(Collectors.toList());
        String hint = near.contains(last)
                ? "holdfast explain " + last + " prints where this key is"
                : Suggestion.to(last, near)
                        .map(n -> "did you mean \"" + n + "\"?")
                        .orElse(
                                "holdfast explain prints the first level, holdfast validate --reference prints all keys");
        return new HoldfastException(ExitCode.USAGE, key, "the topology file has no such key", hint);
    }
}
