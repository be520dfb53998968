package dev.holdfast.schema.config;

import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules for the references between the entities of a data dictionary. */
final class ReferenceRules {

    private ReferenceRules() {}

    static void check(Dictionary dictionary, Entity entity, List<Problem> problems) {
        for (Reference reference : entity.references()) {
            Optional<Entity> named = dictionary.entity(reference.to());
            named.ifPresent(to -> check(entity, reference, to, problems));
        }
    }

    private static void check(Entity entity, Reference reference, Entity named, List<Problem> problems) {
        SourceLocation place = reference.place();
        String message = "the reference to \"" + named.name() + "\"";
        if (reference.fields().size() != reference.of().size()) {
            problems.add(Problem.error(
                    place,
                    message + " has " + reference.fields().size() + " fields for "
                            + reference.of().size(),
                    "the referenced key is " + named.key() + "; declare as many fields, or add of:"));
            return;
        }
        if (!named.isUnique(reference.of())) {
            problems.add(Problem.error(
                    place,
                    message + " names " + reference.of() + ", which is not unique",
                    "declare unique: [ "
                            + (reference.of().size() == 1 ? reference.of().get(0) : reference.of()) + " ] in \""
                            + named.name() + "\""));
        }
        for (int i = 0; i < reference.fields().size(); i++) {
            Optional<Field> from = FieldRules.known(entity, reference.fields().get(i), place, problems);
            Optional<Field> to = FieldRules.known(named, reference.of().get(i), place, problems);
            if (from.isPresent()
                    && to.isPresent()
                    && from.get().type().kind() != to.get().type().kind()) {
                problems.add(Problem.error(
                        place,
                        message + " compares " + from.get().type().written() + " with "
                                + to.get().type().written(),
                        "use the same type for both fields"));
            }
            boolean cleared = reference.removal() == Reference.OnDelete.CLEAR;
            if (cleared && from.isPresent() && !from.get().optional()) {
                problems.add(Problem.error(
                        place,
                        message + " is cleared on delete, and \"" + from.get().name() + "\" is not optional",
                        "make the field optional, or write onDelete: refuse"));
            }
        }
    }

    /** Refuses a cycle of mandatory references: no first row could be written. */
    static void checkCycles(Dictionary dictionary, List<Problem> problems) {
        Set<String> done = new HashSet<>();
        for (Entity entity : dictionary.entities()) {
            follow(dictionary, entity, new ArrayList<>(), done, problems);
        }
    }

    private static void follow(
            Dictionary dictionary, Entity entity, List<String> path, Set<String> done, List<Problem> problems) {
        int before = path.indexOf(entity.name());
        if (before >= 0) {
            List<String> ring = new ArrayList<>(path.subList(before, path.size()));
            ring.add(entity.name());
            problems.add(Problem.error(
                    entity.place(),
                    "this cycle of mandatory references allows no first row: " + String.join(" -> ", ring),
                    "make one of these references optional (?)"));
            return;
        }
        if (!done.add(entity.name())) {
            return;
        }
        path.add(entity.name());
        for (Reference reference : entity.references()) {
            boolean required = reference.fields().stream()
                    .allMatch(f -> entity.field(f).map(x -> !x.optional()).orElse(false));
            boolean itself = reference.to().equals(entity.name());
            if (required && !itself) {
                dictionary.entity(reference.to()).ifPresent(to -> {
                    if (path.contains(to.name()) || !done.contains(to.name())) {
                        follow(dictionary, to, path, done, problems);
                    }
                });
            }
        }
        path.remove(path.size() - 1);
    }
}
