package dev.holdfast.world;

import dev.holdfast.model.Secret;

/**
 * Who to be in a database.
 *
 * @param user empty means unauthenticated
 * @param source MongoDB's authentication database; unused by PostgreSQL
 */
public record Login(String user, Secret password, String source) {
    /** Nobody: what an unauthenticated client may do. */
    public static final Login NOBODY = new Login("", new Secret(""), "");

    public boolean isNobody() {
        return user.isEmpty();
    }
}
