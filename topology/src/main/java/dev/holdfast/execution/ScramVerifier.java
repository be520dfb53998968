package dev.holdfast.execution;

import dev.holdfast.model.SecretRef;

/**
 * What a PostgreSQL server keeps to check a password: its SCRAM-SHA-256 verifier. A statement that holds it can be logged
 * or read on the way without the password being known.
 *
 * @param secret the password
 */
public record ScramVerifier(SecretRef secret) {

    @Override
    public String toString() {
        return "<SCRAM verifier of " + secret + ">";
    }
}
