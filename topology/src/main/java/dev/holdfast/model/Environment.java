package dev.holdfast.model;

/** What an estate is for: a lab may be destroyed, production asks for the typed name before risky acts. */
public enum Environment {
    LAB,
    STAGING,
    PRODUCTION
}
