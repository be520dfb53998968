/** The contents of reports, before a format is chosen. */
package dev.holdfast.report;
