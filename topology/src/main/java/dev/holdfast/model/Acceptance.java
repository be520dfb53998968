package dev.holdfast.model;

import java.time.LocalDate;

/**
 * The acceptance of advice: an owner takes the risk that a lint rule names, until a date.
 *
 * @param rule the id of the lint rule
 * @param at the place in the file, with dots between keys, such as {@code clusters.social}; empty means everywhere
 * @param until the last day on which it holds
 * @param because why the owner accepts the risk
 * @param place the location of the acceptance itself
 */
public record Acceptance(String rule, String at, String owner, LocalDate until, String because, SourceLocation place) {}
