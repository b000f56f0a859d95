extension Migration {
    /// The whole schema from the start: later parts of Muster find their tables here.
    static let foundation = Migration(
        id: "2026-11-foundation",
        steps: fleet + workerSecrets + offerings + capacity + queue + limits + outbox + housekeeping)

    private static let fleet: [SchemaStep] = [
        .table(
            "pools", clustered: false,
            """
            id TEXT PRIMARY KEY,
            provider_id TEXT NOT NULL,
            description TEXT NOT NULL,
            owner TEXT NOT NULL,
            email_on_error INTEGER NOT NULL,
            config TEXT NOT NULL,
            limit_id TEXT,
            paused INTEGER NOT NULL DEFAULT 0,
            paused_until INTEGER,
            pause_reason TEXT NOT NULL DEFAULT '',
            deleted INTEGER NOT NULL DEFAULT 0,
            previous_provider_ids TEXT NOT NULL DEFAULT '[]',
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL
            """),
        .table(
            "launch_configs", clustered: false,
            """
            pool_id TEXT NOT NULL REFERENCES pools (id),
            id TEXT NOT NULL,
            content TEXT NOT NULL,
            ordinal INTEGER NOT NULL,
            capacity_per_instance INTEGER NOT NULL,
            initial_weight REAL NOT NULL,
            max_capacity INTEGER,
            canary INTEGER,
            paused INTEGER NOT NULL DEFAULT 0,
            paused_until INTEGER,
            pause_reason TEXT NOT NULL DEFAULT '',
            suspension TEXT,
            archived_at INTEGER,
            successes REAL NOT NULL,
            failures REAL NOT NULL,
            health_at INTEGER NOT NULL,
            allowance INTEGER,
            is_canary INTEGER NOT NULL DEFAULT 0,
            tried_at INTEGER,
            setbacks INTEGER NOT NULL DEFAULT 0,
            failed_at INTEGER,
            silent_in_a_row INTEGER NOT NULL DEFAULT 0,
            boot_seconds REAL NOT NULL DEFAULT 0,
            boots INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            PRIMARY KEY (pool_id, id)
            """),
        .table(
            "launches", clustered: false,
            """
            id TEXT PRIMARY KEY,
            pool_id TEXT NOT NULL,
            launch_config_id TEXT NOT NULL,
            provider_id TEXT NOT NULL,
            state TEXT NOT NULL,
            count INTEGER NOT NULL,
            capacity_per_instance INTEGER NOT NULL,
            body TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            planned_at INTEGER NOT NULL,
            sent_at INTEGER,
            attempts INTEGER NOT NULL,
            obtained INTEGER NOT NULL,
            error_kind TEXT,
            error_detail TEXT,
            error_code TEXT,
            error_message TEXT,
            settled_at INTEGER,
            FOREIGN KEY (pool_id, launch_config_id) REFERENCES launch_configs (pool_id, id)
            """),
        .index("launches_planned", on: "launches (planned_at) WHERE state = 'planned'"),
        .index(
            "launches_unanswered",
            on: "launches (pool_id, launch_config_id, count) WHERE state = 'planned'"),
        .index("launches_asked", on: "launches (pool_id, planned_at, count)"),
        .index("launches_of_config", on: "launches (pool_id, launch_config_id)"),
        .index("launches_listed", on: "launches (pool_id, id)"),
        .index("launches_in_state", on: "launches (state, id)"),
        .index("launches_settled", on: "launches (settled_at) WHERE settled_at IS NOT NULL"),
        .table(
            "workers", clustered: false,
            """
            pool_id TEXT NOT NULL,
            worker_group TEXT NOT NULL,
            id TEXT NOT NULL,
            launch_config_id TEXT NOT NULL,
            launch_id TEXT NOT NULL,
            provider_id TEXT NOT NULL,
            instance_id TEXT NOT NULL,
            capacity INTEGER NOT NULL,
            claimed INTEGER NOT NULL,
            state TEXT NOT NULL,
            bucket TEXT NOT NULL,
            drain TEXT,
            suspected_at INTEGER,
            quarantined_until INTEGER,
            overdue INTEGER NOT NULL,
            requested_at INTEGER NOT NULL,
            started_at INTEGER,
            registered_at INTEGER,
            nonce TEXT,
            expires_at INTEGER,
            credentials_used_at INTEGER,
            contacted_at INTEGER,
            idle_since INTEGER,
            stopping_at INTEGER,
            stop_reason TEXT,
            termination_sent_at INTEGER,
            missed_since INTEGER,
            stopped_at INTEGER,
            next_look_at INTEGER,
            ends_at INTEGER,
            claim_request TEXT,
            PRIMARY KEY (pool_id, worker_group, id),
            FOREIGN KEY (pool_id, launch_config_id) REFERENCES launch_configs (pool_id, id)
            """),
        .index("workers_next_look", on: "workers (next_look_at) WHERE next_look_at IS NOT NULL"),
        .index(
            "workers_idle", on: "workers (pool_id, idle_since) WHERE bucket = 'running' AND claimed = 0"),
        .index("workers_living", on: "workers (provider_id, pool_id, requested_at) WHERE stopped_at IS NULL"),
        .index("workers_of_config", on: "workers (pool_id, launch_config_id) WHERE stopped_at IS NULL"),
        .index(
            "workers_of_instance", on: "workers (provider_id, instance_id) WHERE stopped_at IS NULL"),
        .index("workers_of_launch", on: "workers (launch_id)"),
        .index("workers_stopped", on: "workers (stopped_at) WHERE stopped_at IS NOT NULL"),
        .index("workers_living_listed", on: "workers (pool_id, worker_group, id) WHERE stopped_at IS NULL"),
        .index(
            "workers_stopped_listed", on: "workers (pool_id, worker_group, id) WHERE stopped_at IS NOT NULL"),
        .index("workers_named", on: "workers (id)"),
        .table(
            "errors", clustered: false,
            """
            id TEXT PRIMARY KEY,
            pool_id TEXT NOT NULL,
            launch_config_id TEXT,
            launch_id TEXT,
            worker_group TEXT,
            worker_id TEXT,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            description TEXT NOT NULL,
            extra TEXT NOT NULL,
            reported_at INTEGER NOT NULL
            """),
        .index("errors_of_pool", on: "errors (pool_id, reported_at)"),
        .index("errors_reported", on: "errors (reported_at)"),
    ]

    private static let capacity: [SchemaStep] = [
        .table(
            "capacity", clustered: true,
            """
            pool_id TEXT NOT NULL,
            launch_config_id TEXT NOT NULL,
            bucket TEXT NOT NULL,
            workers INTEGER NOT NULL,
            capacity INTEGER NOT NULL,
            claimed INTEGER NOT NULL,
            PRIMARY KEY (pool_id, launch_config_id, bucket)
            """),
        // What has been learned of how a pool's work comes and goes.
        .table("demand_statistics", clustered: true, "pool_id TEXT PRIMARY KEY, learned TEXT NOT NULL"),
    ]

    private static let queue: [SchemaStep] = [
        // The row that makes the claims of a pool follow one another, and numbers its tenants' turns.
        .table(
            "queues", clustered: true,
            "pool_id TEXT PRIMARY KEY, turn INTEGER NOT NULL, by_priority INTEGER NOT NULL DEFAULT 0"),
        .table(
            "tasks", clustered: false,
            """
            sequence SERIAL PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            pool_id TEXT NOT NULL,
            tenant TEXT NOT NULL,
            priority INTEGER NOT NULL,
            limit_set TEXT NOT NULL DEFAULT '',
            state TEXT NOT NULL,
            payload TEXT NOT NULL,
            run_id INTEGER NOT NULL,
            retries_left INTEGER NOT NULL,
            submitted_at INTEGER NOT NULL,
            deadline_at INTEGER NOT NULL,
            worker_group TEXT,
            worker_id TEXT,
            started_at INTEGER,
            taken_until INTEGER,
            holds_slots INTEGER NOT NULL DEFAULT 0,
            reserved_at INTEGER,
            resolved_at INTEGER,
            reason TEXT
            """),
        .index(
            "tasks_head",
            on: "tasks (pool_id, tenant, limit_set, priority DESC, sequence) WHERE state = 'pending'"),
        .index("tasks_taken", on: "tasks (taken_until) WHERE state = 'running'"),
        .index("tasks_held", on: "tasks (pool_id, worker_group, worker_id) WHERE state = 'running'"),
        .index("tasks_due", on: "tasks (deadline_at) WHERE resolved_at IS NULL"),
        .index("tasks_resolved", on: "tasks (resolved_at) WHERE resolved_at IS NOT NULL"),
        .index("tasks_listed", on: "tasks (pool_id, sequence)"),
        // The runs that have ended; the one that is on its way is in its task's row.
        .table(
            "runs", clustered: true,
            """
            task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
            run_id INTEGER NOT NULL,
            worker_group TEXT NOT NULL,
            worker_id TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            resolved_at INTEGER NOT NULL,
            resolution TEXT NOT NULL,
            reason TEXT NOT NULL,
            exit_code INTEGER,
            tail TEXT,
            output TEXT,
            PRIMARY KEY (task_id, run_id)
            """),
        // How many tasks of a tenant wait in each lane. The turn is the tenant's, the same in all its rows. The
        // level is the priority where that goes across tenants, else 0.
        .table(
            "tenants", clustered: true,
            """
            pool_id TEXT NOT NULL,
            tenant TEXT NOT NULL,
            limit_set TEXT NOT NULL,
            level INTEGER NOT NULL,
            turn INTEGER NOT NULL,
            pending INTEGER NOT NULL,
            active_at INTEGER NOT NULL,
            PRIMARY KEY (pool_id, tenant, limit_set, level)
            """),
        .index("tenants_turn", on: "tenants (pool_id, limit_set, level, turn, tenant) WHERE pending > 0"),
        // The same by priority and by blocks of sequence numbers: what lies before a task is a sum of these.
        .table(
            "tenant_counts", clustered: true,
            """
            pool_id TEXT NOT NULL,
            tenant TEXT NOT NULL,
            priority INTEGER NOT NULL,
            block INTEGER NOT NULL,
            pending INTEGER NOT NULL,
            PRIMARY KEY (pool_id, tenant, priority, block)
            """),
        .table(
            "demand", clustered: true,
            """
            pool_id TEXT NOT NULL,
            limit_set TEXT NOT NULL,
            pending INTEGER NOT NULL,
            PRIMARY KEY (pool_id, limit_set)
            """),
    ]

    private static let limits: [SchemaStep] = [
        .table(
            "limits", clustered: false,
            """
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            pool_id TEXT,
            description TEXT NOT NULL DEFAULT '',
            slots INTEGER NOT NULL,
            active INTEGER NOT NULL,
            when_full TEXT NOT NULL,
            slots_per_second REAL,
            tokens REAL,
            tokens_at INTEGER,
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL
            """),
        .table(
            "limit_holders", clustered: true,
            """
            limit_id TEXT NOT NULL REFERENCES limits (id) ON DELETE CASCADE,
            holder TEXT NOT NULL,
            slots INTEGER NOT NULL,
            acquired_at INTEGER NOT NULL,
            expires_at INTEGER,
            PRIMARY KEY (limit_id, holder)
            """),
        .index("limit_holders_expiry", on: "limit_holders (expires_at) WHERE expires_at IS NOT NULL"),
        .index("limit_holders_holder", on: "limit_holders (holder)"),
        // Who waits for slots in order: work that is not a task, until it stops asking, and tasks that have
        // reserved.
        .table(
            "limit_waiters", clustered: false,
            """
            sequence SERIAL PRIMARY KEY,
            holder TEXT NOT NULL UNIQUE,
            limit_set TEXT NOT NULL,
            slots INTEGER NOT NULL,
            asked_at INTEGER NOT NULL,
            expires_at INTEGER,
            pool_id TEXT,
            task INTEGER
            """),
        .index("limit_waiters_expiry", on: "limit_waiters (expires_at) WHERE expires_at IS NOT NULL"),
    ]

    private static let outbox: [SchemaStep] = [
        // `position` is the place in the order of commits. The embedded engine's single writer hands out
        // numbers in that order by itself; an engine whose transactions overlap numbers rows after their
        // commit.
        .table(
            "outbox", clustered: false,
            """
            position \(SchemaStep.inOrderOfCommits),
            type TEXT NOT NULL,
            subject TEXT NOT NULL,
            pool_id TEXT,
            time INTEGER NOT NULL,
            data TEXT NOT NULL
            """),
        .table(
            "sink_cursors", clustered: true,
            """
            sink TEXT PRIMARY KEY,
            position INTEGER NOT NULL,
            moved_at INTEGER NOT NULL
            """),
    ]

    private static let housekeeping: [SchemaStep] = [
        .table(
            "tokens", clustered: true,
            """
            hash TEXT PRIMARY KEY,
            client_id TEXT NOT NULL,
            scopes TEXT NOT NULL,
            pool_id TEXT,
            worker_group TEXT,
            worker_id TEXT,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
            """),
        .index("tokens_expiry", on: "tokens (expires_at)"),
        .index("tokens_worker", on: "tokens (pool_id, worker_group, worker_id)"),
        .table(
            "plans", clustered: false,
            """
            sequence SERIAL PRIMARY KEY,
            pool_id TEXT NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            repeats INTEGER NOT NULL,
            document TEXT NOT NULL
            """),
        .index("plans_of_pool", on: "plans (pool_id, sequence)"),
        .table(
            "leases", clustered: true,
            """
            name TEXT PRIMARY KEY,
            holder TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            taken_at INTEGER NOT NULL
            """),
        .index("leases_holder", on: "leases (holder)"),
        // One row is kept alive for everything that its process holds: `leases.holder` is its id.
        .table(
            "replicas", clustered: true,
            """
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            host TEXT NOT NULL,
            pid INTEGER NOT NULL,
            address TEXT NOT NULL,
            version TEXT NOT NULL,
            providers TEXT NOT NULL,
            since INTEGER NOT NULL,
            attended_since INTEGER NOT NULL,
            seen_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
            """),
        .table("settings", clustered: true, "name TEXT PRIMARY KEY, value TEXT NOT NULL"),
        .table(
            "audit", clustered: false,
            """
            sequence SERIAL PRIMARY KEY,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            detail TEXT NOT NULL
            """),
        .index("audit_at", on: "audit (at, sequence)"),
        .index("audit_actor", on: "audit (actor, at, sequence)"),
        .index("audit_subject", on: "audit (subject, at, sequence)"),
    ]
}
