/** Configuration of Prometheus, Alertmanager and Grafana for one estate, from its topology. */
package dev.holdfast.cli.monitoring;
