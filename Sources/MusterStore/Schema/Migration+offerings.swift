extension Migration {
    /// The part of the foundation that is about what providers sell.
    static let offerings: [SchemaStep] = [
        // What a provider said is not to be had for now: shared by all of its pools.
        .table(
            "unavailable_offerings", clustered: true,
            """
            provider_id TEXT NOT NULL,
            name TEXT NOT NULL,
            cause TEXT NOT NULL,
            cloud_code TEXT NOT NULL,
            message TEXT NOT NULL,
            marked_at INTEGER NOT NULL,
            until_at INTEGER NOT NULL,
            PRIMARY KEY (provider_id, name)
            """),
        .index("unavailable_offerings_ended", on: "unavailable_offerings (until_at)"),
    ]
}
