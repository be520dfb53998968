package dev.holdfast.mongodb.replicaset;

import dev.holdfast.execution.Credentials;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.topology.MongoCluster.WriteConcern;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The default read and write concern of a whole cluster, set explicitly so that no server version chooses for us. */
final class DefaultConcernsPlanner {

    private DefaultConcernsPlanner() {}

    static List<Step> steps(MongoState seen, Node primary, Credentials as) {
        Map<String, Object> write = write(seen.cluster().defaults().write());
        Map<String, Object> read = Map.of("level", seen.cluster().defaults().level());
        String wanted = told(MongoDocument.of(write), MongoDocument.of(read));
        MongoDocument now = seen.sharding().concerns();
        if (told(now).equals(wanted)) {
            return List.of();
        }
        return List.of(Step.on(seen.lane(seen.seat()), "Set the default concerns to " + wanted)
                .because("they are " + told(now))
                .type(AdminCommands.defaultConcerns(primary, as, write, read))
                .until(holds(primary, as, wanted), Duration.ofSeconds(60)));
    }

    private static Condition holds(Node primary, Credentials as, String wanted) {
        return new Condition("the default concerns are " + wanted, world -> {
            String now = told(ServerQueries.reply(world, primary, as, "default-concerns.json"));
            return new ProbeResult(now.equals(wanted), now);
        });
    }

    private static Map<String, Object> write(WriteConcern concern) {
        Map<String, Object> write = new LinkedHashMap<>();
        boolean number = concern.w().chars().allMatch(Character::isDigit);
        write.put("w", number ? (Object) Integer.valueOf(concern.w()) : concern.w());
        concern.journal().ifPresent(j -> write.put("j", j));
        write.put("wtimeout", concern.timeout().toMillis());
        return write;
    }

    private static String told(MongoDocument reply) {
        boolean explicit = reply.text("defaultWriteConcernSource").equals("global")
                && reply.text("defaultReadConcernSource").equals("global");
        return explicit
                ? told(reply.doc("defaultWriteConcern"), reply.doc("defaultReadConcern"))
                : "not set explicitly";
    }

    private static String told(MongoDocument write, MongoDocument read) {
        return "w: " + write.text("w") + (write.has("j") ? ", j: " + write.is("j") : "") + ", wtimeout: "
                + write.number("wtimeout") + ", read: " + read.text("level");
    }
}
