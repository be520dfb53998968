package dev.holdfast.mongodb;

import dev.holdfast.model.Secret;
import dev.holdfast.world.Login;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A database user that must exist.
 *
 * @param roles as MongoDB writes them: {@code {role, db}}
 */
record Account(String name, Secret password, List<Map<String, Object>> roles) {

    static Account admin(MongoCluster cluster) {
        return new Account(MongoCluster.ADMIN, cluster.adminPassword(), List.of(role("root", "admin")));
    }

    static Account of(MongoCluster.User user) {
        return new Account(
                user.name(),
                user.password(),
                user.roles().stream().map(Account::role).toList());
    }

    Login login() {
        return new Login(name, password, "admin");
    }

    /** The roles as people write them, in order. */
    Set<String> wanted() {
        Set<String> names = new TreeSet<>();
        roles.forEach(r -> names.add(r.get("role") + "@" + r.get("db")));
        return names;
    }

    static Set<String> seen(Doc user) {
        Set<String> names = new TreeSet<>();
        user.docs("roles").forEach(r -> names.add(r.text("role") + "@" + r.text("db")));
        return names;
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
