package dev.holdfast.execution;

import dev.holdfast.model.SecretRef;

/**
 * The user and the password's name for a database connection.
 *
 * @param user empty means unauthenticated
 * @param source the authentication database; empty where the engine has none
 */
public record Credentials(String user, SecretRef password, String source) {
    /** No user: what an unauthenticated client can do. */
    public static final Credentials ANONYMOUS = new Credentials("", new SecretRef(""), "");

    public boolean isAnonymous() {
        return user.isEmpty();
    }
}
