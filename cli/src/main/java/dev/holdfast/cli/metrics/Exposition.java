package dev.holdfast.cli.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A text format of metrics: OpenMetrics, or the older one of Prometheus that node exporters read from files. */
enum Exposition {
    OPEN_METRICS(OpenMetricsTextFormatWriter.create()),
    PROMETHEUS(PrometheusTextFormatWriter.create());

    private final ExpositionFormatWriter writer;

    Exposition(ExpositionFormatWriter writer) {
        this.writer = writer;
    }

    /** @param header the value of the header Accept; empty when the request has none */
    static Exposition accepted(String header) {
        return OPEN_METRICS.writer.accepts(header) ? OPEN_METRICS : PROMETHEUS;
    }

    String contentType() {
        return writer.getContentType();
    }

    String text(MetricSnapshots metrics) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, metrics);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
