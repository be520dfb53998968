/** What is told of a run, before it is drawn. */
package dev.holdfast.report;
