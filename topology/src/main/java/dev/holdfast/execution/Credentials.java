package dev.holdfast.execution;

import dev.holdfast.model.SecretRef;

/**
 * Who to be in a database.
 *
 * @param user empty means unauthenticated
 * @param source MongoDB's authentication database; unused by PostgreSQL
 */
public record Credentials(String user, SecretRef password, String source) {
    /** Nobody: what an unauthenticated client may do. */
    public static final Credentials ANONYMOUS = new Credentials("", new SecretRef(""), "");

    public boolean isAnonymous() {
        return user.isEmpty();
    }
}
