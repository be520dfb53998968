/** The contents of a drill's report, before a format such as HTML or JSON is chosen. */
package dev.holdfast.report;
