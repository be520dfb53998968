package dev.holdfast.model;

/** The purpose of an estate: only a lab may be destroyed, and production needs the typed name before risky steps. */
public enum Environment {
    LAB,
    STAGING,
    PRODUCTION
}
