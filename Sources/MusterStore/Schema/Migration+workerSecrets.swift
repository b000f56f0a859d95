extension Migration {
    /// The part of the foundation that is about workers that people make.
    static let workerSecrets: [SchemaStep] = [
        // What such a worker proves itself by, as a hash that only a holder of the master key can make.
        .table(
            "worker_secrets", clustered: true,
            """
            pool_id TEXT NOT NULL,
            worker_group TEXT NOT NULL,
            worker_id TEXT NOT NULL,
            hash TEXT NOT NULL,
            set_at INTEGER NOT NULL,
            PRIMARY KEY (pool_id, worker_group, worker_id)
            """)
    ]
}
