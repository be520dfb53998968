package dev.holdfast.config;

import java.util.regex.Pattern;

/** The format of a text: a regular expression and its description. */
public enum TextFormat {
    NAME("a name", Rule.NAME, 32, "letters, digits, - and _ only, beginning with a letter, at most 32 characters"),
    HOST(
            "a host's name",
            Rule.HOST,
            63,
            "letters, digits, dots, - and _ only, beginning with a letter, at most 63 characters"),
    ZONE(
            "the name of a zone or region",
            Rule.HOST,
            63,
            "letters, digits, dots, - and _ only, beginning with a letter, at most 63 characters"),
    ADDRESS(
            "an address or a DNS name",
            "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?",
            253,
            "an IPv4 address such as 10.0.0.1, or a DNS name such as db1.example.com; for IPv6 use a DNS name"),
    NETWORK(
            "a network",
            Rule.OCTET + "(?:[.]" + Rule.OCTET
                    + "){3}/(?:3[0-2]|[12]?[0-9])|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])",
            49,
            "an address and the length of its prefix, such as 10.1.0.0/16"),
    ACCOUNT(
            "a user's name",
            Rule.WORDS + "[A-Za-z_][A-Za-z0-9_.-]*",
            63,
            "letters, digits, dots, - and _ only, beginning with a letter or _, at most 63 characters"),
    DATABASE(
            "a database's name",
            Rule.WORDS + "[A-Za-z_][A-Za-z0-9_-]*",
            63,
            "letters, digits, - and _ only, beginning with a letter or _, at most 63 characters"),
    COLLECTION(
            "a collection's name",
            "[A-Za-z_][A-Za-z0-9_.-]*",
            120,
            "letters, digits, dots, - and _ only, beginning with a letter or _, at most 120 characters"),
    ROLE(
            "a role",
            "[A-Za-z_][A-Za-z0-9_.-]*(?:@[A-Za-z_][A-Za-z0-9_-]*)?",
            127,
            "a role such as clusterMonitor, or role@database such as readWrite@social"),
    FOLDER(
            "an absolute directory",
            "/(?!.*(?:^|/)[.]{1,2}(?:/|$))[A-Za-z0-9@%+=._/-]+",
            200,
            "write an absolute path of at most 200 characters from letters, digits and @ % + = . _ - /, without . or .. as a part"),
    FILE("a file", "[^\\u0000-\\u001f]+", 4096, "write the path of a file"),
    LINE("a text", "[^\\u0000-\\u001f]*", 1024, "one line, at most 1024 characters"),
    SECRET_NAME("a secret's name", Rule.SECRET, 127, "letters, digits, dots, -, _ and / only, such as social/admin"),
    SECRET_SOURCE(
            "the source of a secret",
            "generated|env:[A-Za-z_][A-Za-z0-9_]*|file:[^\\u0000-\\u001f]+",
            4096,
            "write env:NAME, file:/path or generated; the file never contains the secret itself"),
    SECRET(
            "a reference to a secret",
            "secret:" + Rule.SECRET + "|generated|env:[A-Za-z_][A-Za-z0-9_]*|file:[^\\u0000-\\u001f]+",
            4096,
            "write secret:NAME, env:NAME, file:/path or generated; the file never contains the secret itself"),
    SYNCHRONOUS("FIRST or ANY with a number", "(?:FIRST|ANY) [1-9][0-9]?", 8, "write FIRST 1 or ANY 1"),
    VERSION(
            "a version",
            "[0-9]{1,2}(?:[.][0-9]{1,3}){0,2}",
            10,
            "write a major version or an exact one in quotes, such as \"15\", \"15.4\", \"8.2\" or \"8.2.1\""),
    RULE("the id of a rule", "[a-z][a-z0-9-]*", 64, "the id of a lint rule, such as no-backup"),
    DATE(
            "a date",
            "2[0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])",
            10,
            "write year, month and day, such as 2027-03-31"),
    USER_ON_HOST("a login name", "[A-Za-z_][A-Za-z0-9_.-]*", 32, "a login name, such as dba");

    /** The parts of the expressions. */
    private static final class Rule {
        /** The words that YAML parsers can read as true, false or null. */
        static final String WORDS =
                "(?!(?:[yY]|[yY][eE][sS]|[nN]|[nN][oO]|[oO][nN]|[oO][fF][fF]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[nN][uU][lL][lL])$)";

        static final String SECRET = "[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*";
        static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
        static final String NAME = WORDS + "[A-Za-z][A-Za-z0-9_-]*";
        static final String HOST = WORDS + "[A-Za-z][A-Za-z0-9_-]*(?:[.][A-Za-z0-9_-]+)*";
    }

    private final String noun;
    private final String pattern;
    private final int longest;
    private final String rule;

    /** The compiled expression, created on first use because most commands need few. */
    private Pattern compiled;

    TextFormat(String noun, String pattern, int longest, String rule) {
        this.noun = noun;
        this.pattern = "^(?:" + pattern + ")$";
        this.longest = longest;
        this.rule = rule;
    }

    public String noun() {
        return noun;
    }

    /** Returns a regular expression with the same meaning in Java and in JSON Schema. */
    public String pattern() {
        return pattern;
    }

    public int longest() {
        return longest;
    }

    /** Returns the description of the format, for hints. */
    public String rule() {
        return rule;
    }

    /** Returns an example of the format, or a placeholder in capitals. */
    public String sample() {
        return switch (this) {
            case FOLDER -> "/PATH";
            case FILE -> "PATH";
            case ADDRESS -> "10.0.0.1";
            case NETWORK -> "10.1.0.0/16";
            case SECRET -> "secret:NAME";
            case SECRET_SOURCE -> "env:NAME";
            case SYNCHRONOUS -> "FIRST 1";
            case ROLE -> "readWrite@DATABASE";
            case LINE -> "VALUE";
            case VERSION -> "\"15\"";
            case RULE -> "no-backup";
            case DATE -> "2027-03-31";
            default -> "NAME";
        };
    }

    public boolean accepts(String text) {
        if (text.length() > longest) {
            return false;
        }
        if (compiled == null) {
            compiled = Pattern.compile(pattern);
        }
        return compiled.matcher(text).matches();
    }

    /** Returns whether an invalid value may be printed; in place of a reference to a secret it could be the secret itself. */
    public boolean mayBeShown() {
        return this != SECRET && this != SECRET_SOURCE;
    }

    /** Returns whether YAML parsers can read a word as true, false or null. */
    public static boolean isYamlWord(String text) {
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "y", "yes", "n", "no", "on", "off", "true", "false", "null", "~" -> true;
            default -> false;
        };
    }
}
