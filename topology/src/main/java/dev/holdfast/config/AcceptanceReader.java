package dev.holdfast.config;

import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.must;
import static dev.holdfast.config.ConfigSchema.text;

import dev.holdfast.model.Acceptance;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The reader of the key {@code accepted}: the advice that an owner has accepted until a date. */
final class AcceptanceReader {

    private AcceptanceReader() {}

    static ConfigSchema.ObjectOf keys() {
        return ConfigSchema.keys(
                must("rule", text(TextFormat.RULE), "The id of the lint rule, as validate prints it.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "at",
                                text(TextFormat.LINE),
                                "The place that it holds for, with dots between keys, such as clusters.social; default: the whole file.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                must("owner", text(TextFormat.LINE), "The person or team who accepts the risk.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                must("until", text(TextFormat.DATE), "The last day on which it holds; later the advice appears again.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                must("because", text(TextFormat.LINE), "The reason why the risk is accepted.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""));
    }

    static List<Acceptance> read(ConfigCursor accepted) {
        List<Acceptance> found = new ArrayList<>();
        for (ConfigCursor one : accepted.items()) {
            String until = one.at("until").text("");
            try {
                found.add(new Acceptance(
                        one.at("rule").text(""),
                        one.at("at").text(""),
                        one.at("owner").text(""),
                        LocalDate.parse(until),
                        one.at("because").text(""),
                        one.place()));
            } catch (DateTimeException notADay) {
                if (TextFormat.DATE.accepts(until)) {
                    one.at("until").wrong("there is no day " + until, TextFormat.DATE.rule());
                }
            }
        }
        return found;
    }
}
