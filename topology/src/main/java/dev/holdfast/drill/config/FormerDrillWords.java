package dev.holdfast.drill.config;

import dev.holdfast.config.ConfigNode;
import dev.holdfast.config.ConfigNode.Entry;
import dev.holdfast.config.ConfigNode.Mapping;
import dev.holdfast.config.ConfigNode.Scalar;
import dev.holdfast.config.ConfigNode.Sequence;
import dev.holdfast.ledger.FormerClaims;
import dev.holdfast.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The former words of drill files, which are accepted with a warning for one minor version. */
final class FormerDrillWords {

    private static final Map<String, String> FAULTS = Map.of(
            "freeze", "pause",
            "cut", "isolate-host",
            "cut-link", "partition-link",
            "slow-link", "delay-packets",
            "lossy", "drop-packets",
            "break-archive", "fail-archiving");
    private static final Map<String, String> RECOVERIES = Map.of("mend", "revert");
    private static final Map<String, String> KEYS = Map.of("story", "description");
    private static final Map<String, String> FAULT_KEYS = Map.of("strikes", "target");

    private final List<Problem> problems;

    private FormerDrillWords(List<Problem> problems) {
        this.problems = problems;
    }

    /** Returns the file with present words in place of former ones, and warns of each former word. */
    static ConfigNode replaced(ConfigNode file, List<Problem> problems) {
        FormerDrillWords words = new FormerDrillWords(problems);
        return file instanceof Mapping mapping ? words.entries(mapping, words::topLevel) : file;
    }

    private Entry topLevel(Entry entry) {
        return switch (entry.key()) {
            case "claims" -> entry(entry, items(entry.value(), i -> word(i, "claim", FormerClaims::present)));
            case "recovery" -> entry(entry, word(entry.value(), "recovery", present(RECOVERIES)));
            case "faults" ->
                entry(entry, items(entry.value(), i -> i instanceof Mapping fault ? entries(fault, this::inFault) : i));
            default -> key(entry, KEYS);
        };
    }

    private Entry inFault(Entry entry) {
        if (entry.key().equals("fault")) {
            return entry(entry, word(entry.value(), "fault", present(FAULTS)));
        }
        return key(entry, FAULT_KEYS);
    }

    private Entry key(Entry entry, Map<String, String> keys) {
        String key = keys.getOrDefault(entry.key(), entry.key());
        if (!key.equals(entry.key())) {
            warn(new Scalar(entry.place(), entry.key(), entry.key(), Scalar.Kind.TEXT), "key", key);
        }
        return new Entry(entry.place(), key, entry.value());
    }

    private ConfigNode word(ConfigNode node, String kind, UnaryOperator<String> present) {
        if (!(node instanceof Scalar scalar) || present.apply(scalar.text()).equals(scalar.text())) {
            return node;
        }
        String word = present.apply(scalar.text());
        warn(scalar, kind, word);
        return new Scalar(scalar.place(), word, word, scalar.kind());
    }

    private void warn(Scalar former, String kind, String word) {
        problems.add(Problem.deprecated(former.place(), "the " + kind + " " + former.text(), "use " + word));
    }

    private static UnaryOperator<String> present(Map<String, String> words) {
        return word -> words.getOrDefault(word, word);
    }

    private static Entry entry(Entry entry, ConfigNode value) {
        return new Entry(entry.place(), entry.key(), value);
    }

    private static ConfigNode items(ConfigNode node, UnaryOperator<ConfigNode> change) {
        return node instanceof Sequence list
                ? new Sequence(list.place(), list.items().stream().map(change).toList())
                : node;
    }

    private Mapping entries(Mapping mapping, UnaryOperator<Entry> change) {
        return new Mapping(
                mapping.place(), mapping.entries().stream().map(change).toList());
    }
}
