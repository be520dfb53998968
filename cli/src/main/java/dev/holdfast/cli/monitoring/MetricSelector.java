package dev.holdfast.cli.monitoring;

import dev.holdfast.model.Cluster;

/** The PromQL selectors of one estate's metrics. */
record MetricSelector(String estate) {

    /** Returns the selector of a metric for the whole estate. */
    String of(String metric) {
        return metric + "{estate='" + estate + "'}";
    }

    /** @param more another matcher, such as {@code state='down'} */
    String of(String metric, String more) {
        return metric + "{estate='" + estate + "'," + more + "}";
    }

    String of(Cluster cluster, String metric) {
        return of(metric, "cluster='" + cluster.name() + "'");
    }
}
