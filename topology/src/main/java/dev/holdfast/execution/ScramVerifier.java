package dev.holdfast.execution;

import dev.holdfast.model.SecretRef;

/**
 * A SCRAM-SHA-256 verifier, which a database server stores to check a password. A statement with a verifier can be logged or
 * intercepted without revealing the password.
 *
 * @param secret the password
 */
public record ScramVerifier(SecretRef secret) {

    @Override
    public String toString() {
        return "<SCRAM verifier of " + secret + ">";
    }
}
