package dev.holdfast.cli.schema;

import static dev.holdfast.cli.schema.SchemaServers.found;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The dictionary of SwapSkill on real servers: found again, kept, compared, changed. */
@SuppressWarnings("try") // edits are there to be closed
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealSchemaTest {

    private SchemaServers servers;

    @BeforeAll
    void bring_up() throws Exception {
        servers = new SchemaServers();
    }

    @AfterAll
    void take_down() throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    private void nothingToDo(String cluster) {
        Ended plan = servers.plan(cluster, "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isZero();
        assertThat(found(plan)).isEmpty();
    }

    private void applied(String cluster, String... more) {
        Ended applied = servers.apply(cluster, more);
        assertThat(applied.exit()).as(applied.toString()).isZero();
    }

    @Test
    @Order(1)
    void every_index_of_the_design_document_is_found_again_in_list_indexes() {
        for (DesignList.Entity entity : DesignList.read().entities()) {
            List<Document> indexes = servers.indexes("social", entity.name());
            List<String> keys = indexes.stream().map(IndexKey::description).toList();
            assertThat(keys).as(entity.name()).contains(entity.key());
            entity.indexes().forEach(i -> assertThat(keys).as(entity.name()).contains(IndexKey.description(i)));
            for (List<String> unique : entity.uniques()) {
                assertThat(indexes.stream()
                                .filter(i -> i.getBoolean("unique", false))
                                .map(IndexKey::description))
                        .as(entity.name())
                        .contains(String.join(",", unique));
            }
        }
    }

    @Test
    @Order(2)
    void every_field_and_enum_is_in_a_validator_and_large_collections_are_sharded() {
        Map<String, Document> collections = new LinkedHashMap<>();
        servers.mongo("social").listCollections().forEach(c -> collections.put(c.getString("name"), c));
        for (DesignList.Entity entity : DesignList.read().entities()) {
            Document schema = collections
                    .get(entity.name())
                    .get("options", Document.class)
                    .get("validator", Document.class)
                    .get("$jsonSchema", Document.class);
            Document properties = schema.get("properties", Document.class);
            for (String field : entity.fields()) {
                assertThat(properties).as(entity.name()).containsKey(field.replace("?", ""));
                if (field.endsWith("?")) {
                    assertThat(schema.getList("required", String.class)).doesNotContain(field.replace("?", ""));
                }
            }
            entity.enums()
                    .forEach((field, words) -> assertThat(
                                    properties.get(field, Document.class).getList("enum", String.class))
                            .containsExactlyElementsOf(words));
        }
        List<String> sharded = new ArrayList<>();
        servers.mongo("config").getCollection("collections").find().forEach(c -> sharded.add(c.getString("_id")));
        assertThat(sharded).contains("social.message", "social.session", "social.notification_log");
    }

    @Test
    @Order(3)
    void good_documents_are_taken_and_bad_ones_refused() {
        UUID ann = UUID.randomUUID();
        UUID bob = UUID.randomUUID();
        assertThat(servers.insert("user", user(ann, "ann@example.com"))).isZero();
        assertThat(servers.insert("user", user(bob, "ann@example.com"))).isEqualTo(11000);
        assertThat(servers.insert("user", user(bob, "not an address"))).isEqualTo(121);
        assertThat(servers.insert("user", user(bob, "bob@example.com").append("roles", "teacher")))
                .isEqualTo(121);
        Document review = review(ann, bob, 5);
        assertThat(servers.insert("review", review)).isZero();
        Document again = review(ann, bob, 4).append("session_id", review.get("session_id"));
        assertThat(servers.insert("review", again)).isEqualTo(11000);
        assertThat(servers.insert("review", review(ann, bob, 6))).isEqualTo(121);
        assertThat(servers.insert("review", review(ann, bob, 0))).isEqualTo(121);
        assertThat(servers.insert("session", session(ann, bob))).isZero();
        assertThat(servers.insert("session", session(ann, ann))).isEqualTo(121);
        assertThat(servers.insert("session", session(ann, bob).append("status", "MAYBE")))
                .isEqualTo(121);
        assertThat(servers.insert("session", session(ann, bob).append("end_at", new Date(0))))
                .isEqualTo(121);
        assertThat(servers.insert("session", session(ann, bob).append("place_point", point(190, 0))))
                .isEqualTo(121);
        Document nowhere = session(ann, bob);
        nowhere.remove("video_url");
        assertThat(servers.insert("session", nowhere)).isEqualTo(121);
        assertThat(servers.insert("session", nowhere.append("place_point", point(3.06, 50.63))))
                .isZero();
    }

    private static Document user(UUID id, String email) {
        return new Document("user_id", id)
                .append("email", email)
                .append("name", "Ann O'Hara")
                .append("preferred_lang", "fr")
                .append("roles", List.of("teacher"))
                .append("id_verified", true)
                .append("reputation", 4.5)
                .append("created_at", new Date());
    }

    private static Document review(UUID one, UUID other, int stars) {
        return new Document("review_id", UUID.randomUUID())
                .append("session_id", UUID.randomUUID())
                .append("reviewer_id", one)
                .append("reviewee_id", other)
                .append("stars", stars)
                .append("comment", null)
                .append("created_at", new Date());
    }

    private static Document session(UUID one, UUID other) {
        return new Document("session_id", UUID.randomUUID())
                .append("user_a_id", one)
                .append("user_b_id", other)
                .append("created_by", one)
                .append("start_at", new Date(1_000_000))
                .append("end_at", new Date(2_000_000))
                .append("mode", "remote")
                .append("video_url", "https://example.com/r")
                .append("status", "PROPOSED")
                .append("translated_chat", false);
    }

    private static Document point(double longitude, double latitude) {
        return new Document("type", "Point").append("coordinates", List.of(longitude, latitude));
    }

    @Test
    @Order(4)
    void planning_again_is_empty_and_the_same_byte_for_byte() {
        nothingToDo("social");
        nothingToDo("payments");
        assertThat(servers.plan("social", "-o", "json").out())
                .isEqualTo(servers.plan("social", "-o", "json").out());
    }

    @Test
    @Order(4)
    void status_shows_clients_how_to_connect_and_to_write() {
        Ended status = servers.estate.run("status", "-o", "json");
        JsonNode clusters = status.json().path("clusters");
        assertThat(clusters.at("/0/connection/uri").asText())
                .startsWith("mongodb://" + servers.estate.address(1) + ":27017/");
        assertThat(clusters.at("/0/connection/collections/message/writeConcern/w")
                        .asText())
                .isEqualTo("majority");
        assertThat(clusters.at("/1/connection/write").asText())
                .startsWith("postgresql://" + servers.estate.address(1) + ":5432/payments");
        assertThat(status.out()).doesNotContain(servers.secret("payments.admin"));
    }

    @Test
    @Order(5)
    void the_social_dictionary_is_built_on_postgresql_by_changing_one_word() throws Exception {
        try (SchemaServers.Edit edited = servers.edited("social.yaml", "store: mongodb", "store: postgresql")) {
            applied("payments");
            nothingToDo("payments");
            for (DesignList.Entity entity : DesignList.read().entities()) {
                String table = "'social.\"" + entity.name() + "\"'::regclass";
                List<String> constraints =
                        servers.rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = " + table);
                List<String> indexes = servers.rows("SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = "
                        + table + " AND indisvalid");
                assertThat(constraints).contains("PRIMARY KEY (" + entity.key() + ")");
                entity.references()
                        .forEach((field, to) -> assertThat(constraints)
                                .as(entity.name())
                                .anyMatch(c -> c.startsWith("FOREIGN KEY (" + field + ") REFERENCES social.")
                                        && c.replace("\"", "").contains("social." + to + "(")));
                entity.uniques()
                        .forEach(u -> assertThat(constraints)
                                .as(entity.name())
                                .contains("UNIQUE (" + String.join(", ", u) + ")"));
                entity.enums()
                        .forEach((field, words) -> assertThat(constraints)
                                .as(entity.name() + "." + field)
                                .anyMatch(c -> c.contains(field + " = ANY")
                                        && words.stream().allMatch(w -> c.contains("'" + w + "'"))));
                entity.indexes()
                        .forEach(i -> assertThat(indexes).as(entity.name()).anyMatch(d -> d.contains(IndexKey.sql(i))));
            }
            rows_that_break_a_rule_are_refused();
        }
    }

    private void rows_that_break_a_rule_are_refused() {
        String ann = "00000000-0000-0000-0000-00000000000a";
        String bob = "00000000-0000-0000-0000-00000000000b";
        String user =
                "INSERT INTO social.\"user\" (user_id, email, name, preferred_lang, roles) VALUES ('%s', '%s', 'A', 'fr', '{}')";
        assertThat(servers.sql(String.format(user, ann, "ann@example.com"))).isEmpty();
        assertThat(servers.sql(String.format(user, bob, "ann@example.com"))).isEqualTo("23505");
        assertThat(servers.sql(String.format(user, bob, "nobody"))).isEqualTo("23514");
        assertThat(servers.sql(String.format(user, bob, "bob@example.com"))).isEmpty();
        String session =
                "INSERT INTO social.session (session_id, user_a_id, user_b_id, created_by, start_at, end_at, mode, status, place_point)"
                        + " VALUES ('%s', '%s', '%s', '%s', now(), now() + interval '%s', 'onsite', '%s', %s)";
        String one = UUID.randomUUID().toString();
        assertThat(servers.sql(String.format(session, one, ann, bob, ann, "1h", "DONE", "point(3.06, 50.63)")))
                .isEmpty();
        assertThat(servers.sql(String.format(
                        session, UUID.randomUUID(), ann, UUID.randomUUID(), ann, "1h", "DONE", "point(1,1)")))
                .isEqualTo("23503");
        assertThat(servers.sql(String.format(session, UUID.randomUUID(), ann, bob, ann, "-1h", "DONE", "point(1,1)")))
                .isEqualTo("23514");
        assertThat(servers.sql(String.format(session, UUID.randomUUID(), ann, bob, ann, "1h", "MAYBE", "point(1,1)")))
                .isEqualTo("23514");
        assertThat(servers.sql(String.format(session, UUID.randomUUID(), ann, bob, ann, "1h", "DONE", "point(200,1)")))
                .isEqualTo("23514");
        assertThat(servers.sql(String.format(session, UUID.randomUUID(), ann, bob, ann, "1h", "DONE", "null")))
                .isEqualTo("23514");
        String review =
                "INSERT INTO social.review (review_id, session_id, reviewer_id, reviewee_id, stars) VALUES (gen_random_uuid(), '"
                        + one + "', '" + ann + "', '" + bob + "', %d)";
        assertThat(servers.sql(String.format(review, 6))).isEqualTo("23514");
        assertThat(servers.sql(String.format(review, 5))).isEmpty();
        assertThat(servers.sql(String.format(review, 4))).isEqualTo("23505");
    }

    @Test
    @Order(6)
    void the_payments_dictionary_is_built_on_mongodb_by_changing_one_word() throws Exception {
        try (SchemaServers.Edit edited = servers.edited("payments.yaml", "store: postgresql", "store: mongodb")) {
            applied("social");
            nothingToDo("social");
            Document account = new Document("account_id", UUID.randomUUID())
                    .append("kind", "HOUSE")
                    .append("currency", "EUR")
                    .append("status", "OPEN")
                    .append("created_at", new Date());
            servers.mongo("payments").getCollection("account").insertOne(account);
            Document refund = new Document("refund_id", UUID.randomUUID())
                    .append("payment_id", UUID.randomUUID())
                    .append("idempotency_key", "k")
                    .append("amount", Decimal128.parse("12.3456"))
                    .append("reason", "broken")
                    .append("status", "DONE")
                    .append("created_at", new Date());
            servers.mongo("payments").getCollection("refund").insertOne(refund);
            for (Object bad : List.of(Decimal128.parse("1.00001"), Decimal128.parse("0"), 5.0)) {
                Document more = new Document(refund).append("amount", bad).append("idempotency_key", "k" + bad);
                more.remove("_id");
                org.assertj.core.api.Assertions.assertThatThrownBy(() -> servers.mongo("payments")
                                .getCollection("refund")
                                .insertOne(more))
                        .hasMessageContaining("validation");
            }
        }
    }

    @Test
    @Order(7)
    void changes_made_manually_are_listed_and_nothing_else() throws Exception {
        servers.mongo("social").runCommand(Document.parse("{dropIndexes: 'skill', index: 'skill_langs_idx'}"));
        servers.mongo("social")
                .runCommand(
                        Document.parse(
                                "{collMod: 'notification_log', index: {name: 'notification_log_sent_at_ttl', expireAfterSeconds: 99999999}}"));
        servers.mongo("social").runCommand(Document.parse("{collMod: 'review', validationLevel: 'moderate'}"));
        assertThat(servers.sql("ALTER TABLE payments.account ADD COLUMN nick text"))
                .isEmpty();
        Ended social = servers.plan("social", "--detailed-exitcode");
        assertThat(social.exit()).isEqualTo(2);
        assertThat(found(social)).hasSize(3);
        assertThat(social.out())
                .contains("Build index skill_langs_idx")
                .contains("--allow=shorten-ttl:social.notification_log.notification_log_sent_at_ttl")
                .contains("--allow=narrow-validator:social.review");
        Ended payments = servers.plan("payments", "--detailed-exitcode");
        assertThat(found(payments)).hasSize(1);
        assertThat(payments.out())
                .contains("--allow=drop-column:payments.account.nick")
                .contains("ALTER TABLE payments.account DROP COLUMN nick");
        applied("social");
        assertThat(found(servers.plan("social"))).hasSize(2);
        applied(
                "social",
                "--allow=shorten-ttl:social.notification_log.notification_log_sent_at_ttl",
                "--allow=narrow-validator:social.review");
        applied("payments", "--allow=drop-column:payments.account.nick");
        nothingToDo("social");
        nothingToDo("payments");
    }

    @Test
    @Order(8)
    void an_allowed_change_that_is_no_drift_is_reported() {
        Ended applied = servers.apply("payments", "--allow=drop-colum:payments.account.nick");
        assertThat(applied.exit()).as(applied.toString()).isEqualTo(64);
        assertThat(applied.err()).contains("drop-colum:payments.account.nick");
    }

    @Test
    @Order(9)
    void duplicates_on_any_shard_are_named_and_changes_of_other_tables_are_still_made() throws Exception {
        for (int i = 0; i < 40; i++) {
            Document skill = new Document("skill_id", UUID.randomUUID())
                    .append("user_id", UUID.randomUUID())
                    .append("label", i < 2 ? "Twice" : "Skill " + i)
                    .append("type", "TEACH")
                    .append("level", "BEGINNER")
                    .append("langs", List.of("fr"));
            assertThat(servers.insert("skill", skill)).isZero();
        }
        assertThat(
                        servers.sql(
                                "INSERT INTO payments.account (account_id, kind, currency) SELECT gen_random_uuid(), 'HOUSE', 'EUR' FROM generate_series(1, 2)"))
                .isEmpty();
        try (SchemaServers.Edit social = servers.edited(
                        "social.yaml",
                        "    shardKey: user_id hashed          # asked for by person; searches go to all shards\n",
                        "");
                SchemaServers.Edit unique =
                        servers.edited("social.yaml", "      - langs\n", "      - langs\n    unique: [ label ]\n");
                SchemaServers.Edit payments = servers.edited(
                        "payments.yaml",
                        "      - [ account_id, currency ]\n    indexes",
                        "      - [ account_id, currency ]\n      - [ kind, currency ]\n    indexes");
                SchemaServers.Edit review = servers.edited(
                        "social.yaml",
                        "      - session_id\n\n  group:",
                        "      - session_id\n      - { on: stars, name: review_stars }\n\n  group:");
                SchemaServers.Edit payment = servers.edited(
                        "payments.yaml",
                        "      payment_id: uuid\n      idem",
                        "      payment_id: uuid\n      memo: text?\n      idem")) {
            Ended refused = servers.apply("social");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(5);
            assertThat(servers.indexes("social", "review"))
                    .anyMatch(i -> i.getString("name").equals("review_stars"));
            assertThat(refused.err())
                    .contains("skill_label_key")
                    .contains("Twice")
                    .contains("2 documents");
            Ended sql = servers.apply("payments");
            assertThat(sql.exit()).as(sql.toString()).isEqualTo(5);
            assertThat(sql.err()).contains("(HOUSE, EUR) in 2 rows");
            assertThat(servers.sql("ALTER TABLE payments.payment DROP COLUMN memo"))
                    .isEmpty();
        }
        servers.mongo("social").getCollection("review").dropIndex("review_stars");
        nothingToDo("social");
        nothingToDo("payments");
    }

    @Test
    @Order(10)
    void an_index_on_rows_is_built_next_to_them_and_one_left_invalid_is_repaired() throws Exception {
        String edit =
                "      - { on: [ kind, currency ], name: account_kind_currency }\n      - user_id\n      - { on: [ user_id, currency ]";
        try (SchemaServers.Edit edited =
                servers.edited("payments.yaml", "      - user_id\n      - { on: [ user_id, currency ]", edit)) {
            applied("payments");
            assertThat(
                            servers.sql(
                                    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'payments.account_kind_currency'::regclass"))
                    .isEmpty();
            Ended plan = servers.plan("payments");
            assertThat(plan.out())
                    .contains("Rebuild the index account_kind_currency")
                    .contains("INVALID");
            applied("payments");
            nothingToDo("payments");
            assertThat(
                            servers.rows(
                                    "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'payments.account_kind_currency'::regclass"))
                    .containsExactly("true");
        }
        assertThat(servers.plan("payments").out()).contains("account_kind_currency, which is not in the dictionary");
        servers.sql("DROP INDEX payments.account_kind_currency");
    }

    @Test
    @Order(11)
    void a_long_transaction_is_waited_for_without_holding_up_others() throws Exception {
        try (SchemaServers.Edit edited = servers.edited(
                        "payments.yaml", "      reason: text(255)\n", "      reason: text(255)\n      note: text?\n");
                Connection other = servers.connect();
                Statement hold = other.createStatement()) {
            other.setAutoCommit(false);
            hold.execute("SELECT count(*) FROM payments.refund");
            Thread release = new Thread(() -> {
                try {
                    // longer than others may wait, so that a wait would show
                    Patience.pause(2500);
                    other.rollback();
                } catch (Exception broken) {
                    throw new IllegalStateException(broken);
                }
            });
            release.start();
            Thread apply = new Thread(() -> servers.apply("payments"));
            apply.start();
            long longest = 0;
            while (apply.isAlive()) {
                long began = System.nanoTime();
                servers.rows("SELECT count(*) FROM payments.refund");
                longest = Math.max(longest, System.nanoTime() - began);
                Patience.pause(20);
            }
            release.join();
            assertThat(longest / 1_000_000).isLessThan(2000);
            nothingToDo("payments");
        }
        applied("payments", "--allow=drop-column:payments.refund.note");
    }

    @Test
    @Order(12)
    void a_wider_type_and_a_further_enum_word_are_made_and_a_narrower_one_is_not() throws Exception {
        try (SchemaServers.Edit edited = servers.edited("payments.yaml", "reason: text(255)", "reason: text(500)");
                SchemaServers.Edit words =
                        servers.edited("payments.yaml", "HOUSE|FEES|CLEARING", "HOUSE|FEES|CLEARING|TAX")) {
            applied("payments");
            nothingToDo("payments");
        }
        Ended back = servers.plan("payments");
        assertThat(found(back)).hasSize(2).allMatch(l -> l.startsWith("drift:"));
        applied(
                "payments",
                "--allow=rewrite-column:payments.refund.reason,replace-constraint:payments.account.account_kind_check");
        nothingToDo("payments");
        try (SchemaServers.Edit words = servers.edited("social.yaml", "TEACH|LEARN", "TEACH|LEARN|WATCH");
                SchemaServers.Edit more = servers.edited(
                        "social.yaml", "      label: text(120)\n", "      label: text(200)\n      hint: text?\n")) {
            Ended wider = servers.plan("social");
            assertThat(found(wider)).hasSize(1).allMatch(l -> l.contains("Set the validator"));
            applied("social");
            nothingToDo("social");
        }
        applied("social", "--allow=narrow-validator:social.skill");
        nothingToDo("social");
    }

    @Test
    @Order(13)
    void what_is_too_old_is_purged_where_the_engine_does_not() throws Exception {
        try (SchemaServers.Edit edited = servers.edited("social.yaml", "store: mongodb", "store: postgresql")) {
            servers.sql(
                    "INSERT INTO social.notification_log (notification_id, user_id, type, status, sent_at) SELECT gen_random_uuid(), user_id, 'push', 'SENT', now() - make_interval(days => n) FROM social.\"user\", generate_series(170, 190) n WHERE email = 'ann@example.com'");
            Ended purged = servers.estate.run("schema", "purge", "payments", "--yes");
            assertThat(purged.exit()).as(purged.toString()).isZero();
            assertThat(servers.rows("SELECT count(*) FROM social.notification_log"))
                    .containsExactly("10");
        }
    }

    @Test
    @Order(14)
    void every_kind_of_index_odd_names_and_hostile_values_on_both_engines() throws Exception {
        String odd = """
                apiVersion: holdfast.dev/v1
                domain: odd
                store: mongodb
                zones: { north: [ shard-a ], south: [ shard-b ] }
                entities:
                  select:
                    key: [ region, order ]
                    shardKey:
                      by: [ region, order ]
                      split: [ { region: eu, order: 1 }, { region: us, order: 1 } ]
                      zones: [ { zone: north, to: { region: m } }, { zone: south, from: { region: m } } ]
                    fields:
                      region: { type: text(60), default: "o'x\\\\'; DROP SCHEMA odd; --" }
                      order: long
                      where: text
                      Ünïcode: text?
                      tags: list of text
                      data: json
                      at: instant
                      flag: bool
                    indexes:
                      - { on: [ where ], collation: { locale: fr, strength: 2 } }
                      - { on: [ order ], where: { where: "a'b\\"; $(x) \\\\" } }
                      - { on: [ flag ], hidden: true, where: { flag: true } }
                      - { on: data, kind: wildcard }
                      - { on: "$**", kind: wildcard }
                      - { on: at, kind: ttl, after: 90d }
                      - { on: [ where, Ünïcode ], kind: text, language: french }
                      - Ünïcode desc
                    checks:
                      something: where or Ünïcode
                """;
        String topology = servers.estate.text();
        servers.write("odd.yaml", odd);
        servers.estate.rewrite(topology.replace("schema/payments.yaml ]", "schema/payments.yaml, schema/odd.yaml ]"));
        try {
            odd_is_built();
        } finally {
            servers.estate.rewrite(topology);
        }
    }

    private void odd_is_built() throws Exception {
        applied("social");
        nothingToDo("social");
        assertThat(servers.indexes("odd", "select")).hasSizeGreaterThanOrEqualTo(9);
        List<Document> chunks = new ArrayList<>();
        servers.mongo("config")
                .getCollection("tags")
                .find(new Document("ns", "odd.select"))
                .into(chunks);
        assertThat(chunks).hasSize(2);
        try (SchemaServers.Edit edited = servers.edited("odd.yaml", "store: mongodb", "store: postgresql")) {
            applied("payments");
            nothingToDo("payments");
            assertThat(
                            servers.sql(
                                    "INSERT INTO odd.\"select\" (\"order\", \"where\", tags, data, at, flag) VALUES (1, 'w', '{}', '{}', now(), true)"))
                    .isEmpty();
            assertThat(servers.rows("SELECT region FROM odd.\"select\""))
                    .containsExactly("o'x\\'; DROP SCHEMA odd; --");
            assertThat(
                            servers.sql(
                                    "INSERT INTO odd.\"select\" (\"order\", \"where\", tags, data, at, flag) VALUES (2, 'w', '{}', '[]', now(), true)"))
                    .isEqualTo("23514");
        }
    }

    @Test
    @Order(15)
    void many_tables_are_made_in_two_sessions_and_none_is_missed() throws Exception {
        StringBuilder many = new StringBuilder("""
                apiVersion: holdfast.dev/v1
                domain: many
                store: postgresql
                entities:
                """);
        for (int i = 1; i <= 120; i++) {
            many.append("  thing" + i + ":\n    key: id\n    fields: { id: uuid, label: text(20), parent_id: \"-> thing"
                    + Math.max(1, i - 1) + "?\" }\n    unique: [ label ]\n    indexes: [ parent_id ]\n");
        }
        String topology = servers.estate.text();
        servers.write("many.yaml", many.toString());
        servers.estate.rewrite(topology.replace("schema/payments.yaml ]", "schema/payments.yaml, schema/many.yaml ]"));
        try {
            assertThat(servers.plan("payments").out())
                    .contains("Create the 50 tables many.thing1 to many.thing50 with 100 constraints and 50 indexes")
                    .contains("(session 2)  Create the 50 tables many.thing51 to many.thing100")
                    .contains("Create the 20 tables many.thing101 to many.thing120");
            applied("payments");
            nothingToDo("payments");
            assertThat(
                            servers.rows(
                                    "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'many'::regnamespace"))
                    .containsExactly("120");
        } finally {
            servers.estate.rewrite(topology);
        }
    }

    @Test
    @Order(16)
    void the_exported_words_build_the_same() throws Exception {
        Ended exported = servers.estate.run("schema", "export", "payments");
        assertThat(servers.sql("DROP SCHEMA payments CASCADE")).isEmpty();
        assertThat(servers.sql(exported.out())).isEmpty();
        assertThat(found(servers.plan("payments")))
                .hasSize(1)
                .allMatch(l -> l.contains("Grant shop access to payments"));
        applied("payments");
        nothingToDo("payments");
        assertThat(servers.estate.run("schema", "export", "social").out())
                .contains("sh.shardCollection(\"social.review\", { session_id: \"hashed\" });");
    }
}
