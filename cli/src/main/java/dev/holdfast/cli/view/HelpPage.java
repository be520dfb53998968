package dev.holdfast.cli.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The sections of a command's help: options in groups with headings, and examples. */
public final class HelpPage {

    private static final String OWN = "Options";

    private static final Map<String, List<String>> GROUPS = groups();

    private HelpPage() {}

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put(OWN, List.of());
        groups.put("Scope", List.of("--cluster", "--group", "--zone"));
        groups.put("Load and repetition", List.of("--rate", "--repeat", "--seed"));
        groups.put("Topology file", List.of("--file", "--var"));
        groups.put(
                "Consent",
                List.of(
                        "--yes",
                        "--accept-data-loss",
                        "--override",
                        "--allow",
                        "--estate",
                        "--skip-preflight",
                        "--step",
                        "--dry-run"));
        groups.put("Limits", List.of("--timeout", "--parallelism"));
        groups.put(
                "Output",
                List.of(
                        "--output",
                        "--out",
                        "--color",
                        "--no-color",
                        "--quiet",
                        "--verbose",
                        "--log-format",
                        "--help"));
        return groups;
    }

    /** Sets the sections of a command and its subcommands. */
    public static void arrange(CommandLine line) {
        UsageMessageSpec page = line.getCommandSpec().usageMessage();
        Map<String, CommandLine.IHelpSectionRenderer> sections = line.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpPage::options);
        page.parameterListHeading("%nParameters:%n");
        page.commandListHeading("%nCommands:%n");
        if (page.footer().length > 0) {
            page.footerHeading("%nExamples:%n");
        }
        line.setHelpSectionMap(sections);
        line.getSubcommands().values().forEach(HelpPage::arrange);
    }

    /** Returns the visible options by the heading of their group, in the order of the help. */
    public static Map<String, List<OptionSpec>> grouped(CommandSpec spec) {
        Map<String, List<OptionSpec>> grouped = new LinkedHashMap<>();
        GROUPS.forEach((heading, names) -> {
            List<OptionSpec> options = new ArrayList<>();
            spec.options().stream()
                    .filter(o -> !o.hidden() && heading(o).equals(heading))
                    .forEach(options::add);
            if (!options.isEmpty()) {
                grouped.put(heading, options);
            }
        });
        return grouped;
    }

    private static String heading(OptionSpec option) {
        return GROUPS.entrySet().stream()
                .filter(g -> g.getValue().contains(option.longestName()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(OWN);
    }

    private static String options(Help help) {
        StringBuilder text = new StringBuilder();
        grouped(help.commandSpec()).forEach((heading, options) -> {
            text.append(System.lineSeparator()).append(heading).append(':').append(System.lineSeparator());
            text.append(help.optionListExcludingGroups(options));
        });
        return text.toString();
    }
}
