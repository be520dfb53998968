package dev.holdfast.postgres;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Copies the state of pretend servers and proxies, so that an estate need not be created by commands for each test. */
final class FakeCopy {

    /** What several servers share stays shared. */
    private final Map<Object, Object> copies = new IdentityHashMap<>();

    /** Makes one object equal to another of its class, and independent of it. */
    void copy(Object from, Object to) {
        for (Field field : from.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
                copy(field, from, to);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void copy(Field field, Object from, Object to) {
        try {
            field.setAccessible(true);
            Object value = field.get(from);
            if (!Modifier.isFinal(field.getModifiers())) {
                field.set(to, copied(value));
            } else if (value instanceof Map<?, ?> map) {
                Map<Object, Object> target = (Map<Object, Object>) field.get(to);
                target.clear();
                target.putAll(map);
            } else if (value instanceof Collection<?> all) {
                Collection<Object> target = (Collection<Object>) field.get(to);
                target.clear();
                target.addAll(all);
            }
        } catch (IllegalAccessException never) {
            throw new IllegalStateException(never);
        }
    }

    private Object copied(Object value) {
        Object known = copies.get(value);
        if (known != null) {
            return known;
        }
        Object copy = value;
        if (value instanceof TreeMap<?, ?> map) {
            Map<Object, Object> target = new TreeMap<>();
            map.forEach((k, v) -> target.put(k, copied(v)));
            copy = target;
        } else if (value instanceof Map<?, ?> map) {
            copy = new LinkedHashMap<>(map);
        } else if (value instanceof TreeSet<?> all) {
            copy = new TreeSet<>(all);
        } else if (value instanceof ArrayList<?> all) {
            copy = new ArrayList<>(all);
        } else if (value instanceof FakeServer.Role role) {
            FakeServer.Role target = new FakeServer.Role(role.password);
            copy(role, target);
            copy = target;
        }
        copies.put(value, copy);
        return copy;
    }
}
