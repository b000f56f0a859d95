extension Command {
    /// `muster` itself.
    static let root: Command = Command(
        "muster", "keeps pools of workers as large as the work that waits, and no larger",
        discussion: """
            Commands that look at pools and tasks or change them reach a running service through the socket in \
            its state folder, and open the database themselves when no service runs.

            muster help COMMAND is the same as COMMAND --help; with --markdown it writes the reference.
            """,
        examples: [
            Example("muster demo", "see the main job done in a minute"),
            Example("muster serve", "run the service with ./muster.yaml"),
            Example("muster apply -f pools/", "define pools"),
        ],
        subcommands: [
            demo, serve, run, apply, plan, decide, provider, pool, launchConfig, worker, launch, task, limit,
            events,
            audit,
            freeze, unfreeze, replica, simulate, doctor, backup, migrate, importFrom, completion, version,
        ])
}
