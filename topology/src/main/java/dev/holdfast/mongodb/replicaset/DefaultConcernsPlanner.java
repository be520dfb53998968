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

/** The planner of a cluster's default read and write concern, set explicitly because server versions have different defaults. */
final class DefaultConcernsPlanner {

    private DefaultConcernsPlanner() {}

    static List<Step> steps(MongoState state, Node primary, Credentials as) {
        Map<String, Object> write = write(state.cluster().defaults().write());
        Map<String, Object> read = Map.of("level", state.cluster().defaults().level());
        String desired = description(MongoDocument.of(write), MongoDocument.of(read));
        MongoDocument now = state.sharding().concerns();
        if (description(now).equals(desired)) {
            return List.of();
        }
        return List.of(Step.on(state.lane(state.controlSet()), "Set the default concerns to " + desired)
                .because("they are " + description(now))
                .type(AdminCommands.defaultConcerns(primary, as, write, read))
                .until(holds(primary, as, desired), Duration.ofSeconds(60)));
    }

    private static Condition holds(Node primary, Credentials as, String desired) {
        return new Condition("the default concerns are " + desired, context -> {
            String now = description(ServerQueries.reply(context, primary, as, "default-concerns.json"));
            return new ProbeResult(now.equals(desired), now);
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

    private static String description(MongoDocument reply) {
        boolean explicit = reply.text("defaultWriteConcernSource").equals("global")
                && reply.text("defaultReadConcernSource").equals("global");
        return explicit
                ? description(reply.doc("defaultWriteConcern"), reply.doc("defaultReadConcern"))
                : "not set explicitly";
    }

    private static String description(MongoDocument write, MongoDocument read) {
        return "w: " + write.text("w") + (write.has("j") ? ", j: " + write.is("j") : "") + ", wtimeout: "
                + write.number("wtimeout") + ", read: " + read.text("level");
    }
}
