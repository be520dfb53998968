package dev.holdfast.model;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** The parser of durations, sizes and numbers with units: {@code 5m}, {@code 1m30s}, {@code 512MB}. */
public final class Quantities {

    private static final int LONGEST = 12;
    private static final int LONGEST_NUMBER = 18;
    private static final Duration LIMIT = Duration.ofDays(3660);

    private Quantities() {}

    /** Parses a duration up to ten years; empty if the text is not a duration. */
    public static Optional<Duration> span(String text) {
        Duration sum = Duration.ZERO;
        int at = 0;
        while (at < text.length()) {
            int digits = endOfDigits(text, at);
            int unit = endOfLetters(text, digits);
            if (digits == at || unit == digits || digits - at > LONGEST) {
                return Optional.empty();
            }
            Optional<Duration> part = span(Long.parseLong(text.substring(at, digits)), text.substring(digits, unit));
            if (part.isEmpty()) {
                return part;
            }
            sum = sum.plus(part.get());
            at = unit;
        }
        return text.isEmpty() || sum.compareTo(LIMIT) > 0 ? Optional.empty() : Optional.of(sum);
    }

    private static Optional<Duration> span(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Optional.of(Duration.ofMillis(amount));
            case "s" -> Optional.of(Duration.ofSeconds(amount));
            case "m" -> Optional.of(Duration.ofSeconds(60 * amount));
            case "h" -> Optional.of(Duration.ofSeconds(3600 * amount));
            case "d" -> Optional.of(Duration.ofSeconds(86_400 * amount));
            default -> Optional.empty();
        };
    }

    /** Parses a size in megabytes; empty if the text is not a size. */
    public static Optional<Integer> megabytes(String text) {
        int digits = endOfDigits(text, 0);
        if (digits == 0 || digits > 7) {
            return Optional.empty();
        }
        int amount = Integer.parseInt(text.substring(0, digits));
        long megabytes = switch (text.substring(digits)) {
            case "MB" -> amount;
            case "GB" -> amount * 1024L;
            case "TB" -> amount * 1024L * 1024L;
            default -> -1;
        };
        return megabytes < 1 || megabytes > Integer.MAX_VALUE ? Optional.empty() : Optional.of((int) megabytes);
    }

    public static Optional<Long> whole(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        int end = endOfDigits(text, start);
        return end == start || end != text.length() || end - start > LONGEST_NUMBER
                ? Optional.empty()
                : Optional.of(Long.parseLong(text));
    }

    public static Optional<Double> decimal(String text) {
        boolean isPlain = text.length() <= 2 * LONGEST && text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0);
        try {
            double value = isPlain ? Double.parseDouble(text) : Double.NaN;
            return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    /** Returns a number without needless zeros: 2, 0.5. */
    public static String shown(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /** Returns a duration in the form of the topology file. */
    public static String shown(Duration span) {
        long millis = span.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 != 0
                ? seconds / 60 + "m"
                : seconds % 86_400 != 0 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }

    private static int endOfDigits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static int endOfLetters(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
            at++;
        }
        return at;
    }
}
