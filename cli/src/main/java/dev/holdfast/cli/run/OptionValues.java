package dev.holdfast.cli.run;

import dev.holdfast.model.Quantities;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Parses numbers and durations of the command line. Every option with such a value uses a parser of this class, so that an
 * unusable value is refused before anything starts.
 */
public final class OptionValues {

    private OptionValues() {}

    /** Parses durations: 500ms, 90s, 1m30s, 2h; a number alone is in seconds. */
    static final class Span implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            boolean isNumber = Quantities.whole(text).isPresent() && !text.startsWith("-");
            Optional<Duration> span = Quantities.span(isNumber ? text + "s" : text);
            if (span.isEmpty() || span.get().isZero()) {
                throw new TypeConversionException(
                        shown(text) + " is not a duration; write one from 1ms to 3660d, such as 90s, 5m or 2h");
            }
            return span.get();
        }
    }

    /** Parses a duration of at least one second, without a fraction of a second. */
    public static final class WholeSeconds implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Duration span = new Span().convert(text);
            if (span.toSeconds() < 1 || span.toNanosPart() > 0) {
                throw new TypeConversionException(shown(text) + " is not a whole number of seconds, such as 1s or 15s");
            }
            return span;
        }
    }

    /** Parses how many actions run at the same time. */
    static final class Parallelism extends Count {
        Parallelism() {
            super(1000);
        }
    }

    /** Parses writes per second and stream of a drill. */
    static final class Rate extends Count {
        Rate() {
            super(100_000);
        }
    }

    /** Parses how often a drill runs. */
    static final class Repeats extends Count {
        Repeats() {
            super(1000);
        }
    }

    /** Parses the number of shards of a starter topology; a file with more is written by hand. */
    public static final class Shards extends Count {
        Shards() {
            super(20);
        }
    }

    /** Parses a PostgreSQL timeline. */
    public static final class Timeline extends Count {
        Timeline() {
            super(1_000_000);
        }
    }

    /** Parses any whole number of at most 18 digits. */
    static final class Seed implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return Quantities.whole(text)
                    .orElseThrow(() -> new TypeConversionException(
                            shown(text) + " is not a whole number of at most 18 digits, such as 42"));
        }
    }

    private abstract static class Count implements ITypeConverter<Integer> {
        private final int most;

        Count(int most) {
            this.most = most;
        }

        @Override
        public Integer convert(String text) {
            return Quantities.whole(text)
                    .filter(n -> n >= 1 && n <= most)
                    .map(Long::intValue)
                    .orElseThrow(() -> new TypeConversionException(
                            shown(text) + " is out of range; write a whole number from 1 to " + most));
        }
    }

    private static String shown(String text) {
        return "'" + (text.length() > 40 ? text.substring(0, 37) + "..." : text) + "'";
    }
}
