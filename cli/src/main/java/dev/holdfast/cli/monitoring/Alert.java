package dev.holdfast.cli.monitoring;

import dev.holdfast.model.Quantities;
import java.time.Duration;

/**
 * One Prometheus alert rule, with its texts for people.
 *
 * @param name the name, which is also the heading of its page
 * @param expression the condition in PromQL
 * @param after how long the condition must hold before the alert fires
 * @param summary one line about the subject, with labels in the template syntax of Prometheus
 * @param meaning what the condition means, and its limit
 * @param action what to do first: a command
 */
record Alert(
        String name,
        String expression,
        Duration after,
        Severity severity,
        String summary,
        String meaning,
        String action) {

    /** How urgent an alert is. */
    enum Severity {
        /** Service or protection is lost, or nothing is observed. */
        CRITICAL("critical"),
        /** Redundancy or a backup is missing; service is available. */
        WARNING("warning"),
        /** For the next working day. */
        INFO("info");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** Returns the part of a link that leads to the heading of this alert on its page. */
    String anchor() {
        return name.toLowerCase(java.util.Locale.ROOT);
    }

    /** Returns a duration as Prometheus writes it. */
    static String span(Duration duration) {
        return duration.toSeconds() % 60 == 0 && !duration.isZero()
                ? duration.toMinutes() + "m"
                : duration.toSeconds() + "s";
    }

    /** Returns a duration for people. */
    static String words(Duration duration) {
        return Quantities.shown(duration);
    }
}
