/** What hosts lack before servers exist: an observation of all hosts at once, and findings with value, limit and hint. */
package dev.holdfast.preflight;
