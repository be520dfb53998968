package dev.holdfast.cli.advice;

import dev.holdfast.cli.view.ResultData;
import java.util.List;
import java.util.function.Predicate;

/** The page of all lint rules, in Markdown. */
public final class AdvicePage {

    private static final String BEGINNING = """
            # Advice: the lint rules of `validate`

            `holdfast validate` examines a valid topology with these rules, without contact to a server. A finding has the id of its rule
            at the end of its line. `WARN` is advice: the topology can be used, and `--strict` ends with 3. `ERROR` contradicts an
            objective of the topology, which then cannot be used. This page is printed by `holdfast validate --rules`.

            ## Accept a risk

            An owner can accept what a rule finds, until a date. `validate` then counts the finding as accepted. After the date, the
            finding appears again, with a reminder. An error cannot be accepted.

            ```yaml
            accepted:
              - rule: mongodb-log-verbose
                at: clusters.social            # the keys with dots between them; without at: the whole file
                owner: dba-team
                until: 2027-03-31
                because: a support case needs the details
            ```

            ## Use in a pipeline

            `validate -o json` has the key `rule` of each problem and the list `accepted`. `validate --sarif` prints SARIF 2.1.0 for
            code scanning: accepted findings are results with a suppression.
            """;

    private AdvicePage() {}

    public static String of(List<RuleFile> rules) {
        StringBuilder page = new StringBuilder(BEGINNING);
        Predicate<RuleFile> isMongo = r -> r.id().startsWith("mongodb-");
        Predicate<RuleFile> isPostgres = r -> r.id().startsWith("postgres-");
        part(
                page,
                "All clusters, hosts and backups",
                rules,
                isMongo.or(isPostgres).negate());
        part(page, "MongoDB", rules, isMongo);
        part(page, "PostgreSQL and its proxies", rules, isPostgres);
        return page.toString();
    }

    private static void part(StringBuilder page, String title, List<RuleFile> rules, Predicate<RuleFile> belongs) {
        List<RuleFile> own = rules.stream().filter(belongs).toList();
        page.append("\n## ").append(title).append("\n\n| rule | severity | finds |\n|---|---|---|\n");
        own.forEach(r -> page.append("| [`%s`](#%s) | %s | %s |%n".formatted(r.id(), r.id(), r.severity(), r.title())));
        own.forEach(r -> rule(page, r));
    }

    private static void rule(StringBuilder page, RuleFile rule) {
        page.append("\n### ").append(rule.id()).append("\n\n");
        page.append(rule.title()).append(". ").append(rule.reason()).append("\n\n");
        page.append(rule.hint()).append(" Source: ").append(rule.source()).append(".\n\n");
        page.append("```yaml\n# found\n").append(ResultData.wideYaml(rule.fails()));
        page.append("# not found\n").append(ResultData.wideYaml(rule.passes())).append("```\n");
    }
}
