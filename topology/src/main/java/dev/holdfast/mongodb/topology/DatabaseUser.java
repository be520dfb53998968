package dev.holdfast.mongodb.topology;

import dev.holdfast.execution.Credentials;
import dev.holdfast.model.SecretRef;
import dev.holdfast.mongodb.value.JsonText;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A declared database user of a MongoDB cluster.
 *
 * @param roles in MongoDB's form: {@code {role, db}}
 */
public record DatabaseUser(String name, SecretRef password, List<Map<String, Object>> roles) {

    /** The mechanism of a login that every user has unless its creation names others. SHA-1 protects a password less. */
    public static final String WEAK_MECHANISM = "SCRAM-SHA-1";

    public static DatabaseUser admin(MongoCluster cluster) {
        return new DatabaseUser(MongoCluster.ADMIN, cluster.adminPassword(), List.of(role("root", "admin")));
    }

    public static DatabaseUser of(MongoCluster.User user) {
        return new DatabaseUser(
                user.name(),
                user.password(),
                user.roles().stream().map(DatabaseUser::role).toList());
    }

    public Credentials login() {
        return new Credentials(name, password, "admin");
    }

    /** Returns the roles as {@code role@database}, in order. */
    public Set<String> desired() {
        Set<String> names = new TreeSet<>();
        roles.forEach(r -> names.add(r.get("role") + "@" + r.get("db")));
        return names;
    }

    public static Set<String> observed(MongoDocument user) {
        Set<String> names = new TreeSet<>();
        user.docs("roles").forEach(r -> names.add(r.text("role") + "@" + r.text("db")));
        return names;
    }

    /** Returns the clients and servers to which a user's logins are restricted; empty without restriction. */
    public static String restrictions(MongoDocument user) {
        return user.fields().get("authenticationRestrictions") instanceof List<?> list && !list.isEmpty()
                ? JsonText.of(list)
                : "";
    }

    /** @param user a document of {@code usersInfo} */
    public static boolean hasWeakLogin(MongoDocument user) {
        return user.fields().get("mechanisms") instanceof List<?> list && list.contains(WEAK_MECHANISM);
    }

    private static Map<String, Object> role(String written) {
        int at = written.lastIndexOf('@');
        return at < 0 ? role(written, "admin") : role(written.substring(0, at), written.substring(at + 1));
    }

    private static Map<String, Object> role(String name, String database) {
        Map<String, Object> role = new LinkedHashMap<>();
        role.put("role", name);
        role.put("db", database);
        return role;
    }
}
