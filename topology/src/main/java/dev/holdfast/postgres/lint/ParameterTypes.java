package dev.holdfast.postgres.lint;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The types and ranges of parameters, as {@code postgres --describe-config} of version 15 prints them. */
final class ParameterTypes {

    private static final Set<String> SWITCHES = Set.of("""
            array_nulls autovacuum bonjour check_function_bodies data_sync_retry debug_pretty_print
            debug_print_parse debug_print_plan debug_print_rewritten default_transaction_deferrable
            default_transaction_read_only enable_async_append enable_bitmapscan enable_gathermerge
            enable_hashagg enable_hashjoin enable_incremental_sort enable_indexonlyscan enable_indexscan
            enable_material enable_memoize enable_mergejoin enable_nestloop enable_parallel_append
            enable_parallel_hash enable_partition_pruning enable_partitionwise_aggregate
            enable_partitionwise_join enable_seqscan enable_sort enable_tidscan escape_string_warning
            exit_on_error fsync geqo hot_standby_feedback jit krb_caseins_users lo_compat_privileges
            log_checkpoints log_disconnections log_duration log_executor_stats
            log_hostname log_lock_waits log_parser_stats log_planner_stats log_recovery_conflict_waits
            log_replication_commands log_statement_stats log_truncate_on_rotation
            parallel_leader_participation quote_all_identifiers restart_after_crash row_security ssl
            ssl_passphrase_command_supports_reload ssl_prefer_server_ciphers standard_conforming_strings
            synchronize_seqscans syslog_sequence_numbers syslog_split_messages track_activities
            track_commit_timestamp track_counts track_io_timing track_wal_io_timing transform_null_equals
            update_process_title wal_init_zero wal_receiver_create_temp_slot wal_recycle
            """.strip().split("\\s+"));

    /** Each with its least and greatest value, in the parameter's own unit; an empty limit is none. */
    private static final Map<String, String[]> NUMBERS = numbers("""
            authentication_timeout:1:600 autovacuum_analyze_scale_factor:0:100
            autovacuum_analyze_threshold:0:2147483647 autovacuum_freeze_max_age:100000:2000000000
            autovacuum_max_workers:1:262143 autovacuum_multixact_freeze_max_age:10000:2000000000
            autovacuum_naptime:1:2147483 autovacuum_vacuum_cost_delay:-1:100
            autovacuum_vacuum_cost_limit:-1:10000 autovacuum_vacuum_insert_scale_factor:0:100
            autovacuum_vacuum_insert_threshold:-1:2147483647 autovacuum_vacuum_scale_factor:0:100
            autovacuum_vacuum_threshold:0:2147483647 autovacuum_work_mem:-1:2147483647
            backend_flush_after:0:256 bgwriter_delay:10:10000 bgwriter_flush_after:0:256
            bgwriter_lru_maxpages:0:1073741823 bgwriter_lru_multiplier:0:10
            checkpoint_completion_target:0:1 checkpoint_flush_after:0:256 checkpoint_timeout:30:86400
            checkpoint_warning:0:2147483647 client_connection_check_interval:0:2147483647
            commit_delay:0:100000 commit_siblings:0:1000 cpu_index_tuple_cost:0: cpu_operator_cost:0:
            cpu_tuple_cost:0: cursor_tuple_fraction:0:1 deadlock_timeout:1:2147483647
            default_statistics_target:1:10000 effective_cache_size:1:2147483647
            effective_io_concurrency:0:1000 from_collapse_limit:1:2147483647 geqo_effort:1:10
            geqo_generations:0:2147483647 geqo_pool_size:0:2147483647 geqo_seed:0:1
            geqo_selection_bias:1.5:2 geqo_threshold:2:2147483647 gin_fuzzy_search_limit:0:2147483647
            gin_pending_list_limit:64:2147483647 hash_mem_multiplier:1:1000 huge_page_size:0:2147483647
            idle_in_transaction_session_timeout:0:2147483647 idle_session_timeout:0:2147483647
            jit_above_cost:-1: jit_inline_above_cost:-1: jit_optimize_above_cost:-1:
            join_collapse_limit:1:2147483647 lock_timeout:0:2147483647
            log_autovacuum_min_duration:-1:2147483647 log_min_duration_sample:-1:2147483647
            log_min_duration_statement:-1:2147483647 log_parameter_max_length:-1:1073741823
            log_parameter_max_length_on_error:-1:1073741823 log_rotation_age:0:35791394
            log_rotation_size:0:2097151 log_startup_progress_interval:0:2147483647
            log_statement_sample_rate:0:1 log_temp_files:-1:2147483647 log_transaction_sample_rate:0:1
            logical_decoding_work_mem:64:2147483647 maintenance_io_concurrency:0:1000
            maintenance_work_mem:64:2147483647 max_connections:1:262143
            max_files_per_process:64:2147483647 max_locks_per_transaction:10:2147483647
            max_logical_replication_workers:0:262143 max_parallel_maintenance_workers:0:1024
            max_parallel_workers:0:1024 max_parallel_workers_per_gather:0:1024
            max_pred_locks_per_page:0:2147483647 max_pred_locks_per_relation:-2147483648:2147483647
            max_pred_locks_per_transaction:10:2147483647 max_prepared_transactions:0:262143
            max_replication_slots:0:262143 max_slot_wal_keep_size:-1:2147483647
            max_stack_depth:100:2147483647 max_standby_archive_delay:-1:2147483647
            max_standby_streaming_delay:-1:2147483647 max_sync_workers_per_subscription:0:262143
            max_wal_senders:0:262143 max_wal_size:2:2147483647 max_worker_processes:0:262143
            min_dynamic_shared_memory:0:2147483647 min_parallel_index_scan_size:0:715827882
            min_parallel_table_scan_size:0:715827882 min_wal_size:2:2147483647 parallel_setup_cost:0:
            parallel_tuple_cost:0: random_page_cost:0: recovery_min_apply_delay:0:2147483647
            recursive_worktable_factor:0.001:1000000 seq_page_cost:0: shared_buffers:16:1073741823
            statement_timeout:0:2147483647 superuser_reserved_connections:0:262143
            tcp_keepalives_count:0:2147483647 tcp_keepalives_idle:0:2147483647
            tcp_keepalives_interval:0:2147483647 tcp_user_timeout:0:2147483647
            temp_buffers:100:1073741823 temp_file_limit:-1:2147483647
            track_activity_query_size:100:1048576 vacuum_cost_delay:0:100 vacuum_cost_limit:1:10000
            vacuum_cost_page_dirty:0:10000 vacuum_cost_page_hit:0:10000 vacuum_cost_page_miss:0:10000
            vacuum_failsafe_age:0:2100000000 vacuum_freeze_min_age:0:1000000000
            vacuum_freeze_table_age:0:2000000000 vacuum_multixact_failsafe_age:0:2100000000
            vacuum_multixact_freeze_min_age:0:1000000000 vacuum_multixact_freeze_table_age:0:2000000000
            wal_buffers:-1:262143 wal_decode_buffer_size:65536:1073741823 wal_keep_size:0:2147483647
            wal_receiver_status_interval:0:2147483 wal_receiver_timeout:0:2147483647
            wal_retrieve_retry_interval:1:2147483647 wal_sender_timeout:0:2147483647
            wal_skip_threshold:0:2147483647 wal_writer_delay:1:10000 wal_writer_flush_after:0:2147483647
            work_mem:64:2147483647
            """);

    /** The words of a parameter, without those that are switches too. */
    private static final Map<String, Set<String>> WORDS = Map.ofEntries(
            Map.entry("bytea_output", Set.of("escape", "hex")),
            Map.entry("constraint_exclusion", Set.of("partition", "on", "off", "true", "false", "yes", "no", "1", "0")),
            Map.entry(
                    "default_transaction_isolation",
                    Set.of("serializable", "repeatable read", "read committed", "read uncommitted")),
            Map.entry("huge_pages", Set.of("try", "on", "off", "true", "false", "yes", "no", "1", "0")),
            Map.entry("log_error_verbosity", Set.of("terse", "default", "verbose")),
            Map.entry("log_statement", Set.of("none", "ddl", "mod", "all")),
            Map.entry("plan_cache_mode", Set.of("auto", "force_generic_plan", "force_custom_plan")),
            Map.entry("track_functions", Set.of("none", "pl", "all")));

    private ParameterTypes() {}

    private static Map<String, String[]> numbers(String text) {
        Map<String, String[]> numbers = new HashMap<>();
        for (String entry : text.strip().split("\\s+")) {
            String[] parts = entry.split(":", -1);
            numbers.put(parts[0], parts);
        }
        return numbers;
    }

    /** Returns what a parameter accepts, if it does not accept a value. */
    static Optional<String> refusal(String parameter, String value) {
        String word = value.strip().toLowerCase(Locale.ROOT);
        if (SWITCHES.contains(parameter)) {
            return isSwitch(word) ? Optional.empty() : Optional.of("on or off");
        }
        if (WORDS.containsKey(parameter)) {
            return WORDS.get(parameter).contains(word)
                    ? Optional.empty()
                    : Optional.of(String.join(
                            ", ", WORDS.get(parameter).stream().sorted().toList()));
        }
        return NUMBERS.containsKey(parameter) ? number(NUMBERS.get(parameter), word, value) : Optional.empty();
    }

    private static boolean isSwitch(String word) {
        boolean isPrefix = !word.isEmpty()
                && (Set.of("true", "false", "yes", "no").stream().anyMatch(s -> s.startsWith(word)));
        return isPrefix || Set.of("on", "of", "off", "1", "0").contains(word);
    }

    private static Optional<String> number(String[] range, String word, String value) {
        if (word.matches("[-+]?0[0-9x].*")) {
            return Optional.empty();
        }
        Optional<Double> number = ParameterValues.number(value, "");
        if (number.isEmpty()) {
            return Optional.of("a number, with a unit such as MB or ms where it has one");
        }
        boolean hasUnit = Character.isLetter(word.charAt(word.length() - 1));
        boolean isBelow = number.get() < Double.parseDouble(range[1]);
        boolean isAbove = !range[2].isEmpty() && number.get() > Double.parseDouble(range[2]);
        return hasUnit || !isBelow && !isAbove
                ? Optional.empty()
                : Optional.of(range[1] + (range[2].isEmpty() ? " or more" : " to " + range[2]));
    }
}
