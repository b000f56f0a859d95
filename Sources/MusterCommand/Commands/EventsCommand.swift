import MusterAPI
import MusterCore

extension Command {
    /// `muster events`: what has happened, and what happens.
    static let events = Command(
        "events", "show what has happened, and with --follow what happens",
        discussion: """
            The latest events that fit come first to last. With --follow further ones are written as they \
            happen, until it is interrupted; a service that is started again is followed on from where it was, \
            and what retention has deleted meanwhile is said.

            With --json each event is a CloudEvent on a line of its own.
            """,
        options: [
            .flag("follow", short: "f", "go on with what happens, until interrupted"),
            .value(
                "type", "TYPE", repeats: true,
                "only this type: worker.stopped; or all that begin so: worker."),
            .pool, .value("subject", "SUBJECT", "only those of one subject: task/t01k..."),
            .value("since", "TIME", "only events from then on: a time, or 90s, 10m, 2h, 1d ago"), .limit,
        ],
        examples: [
            Example("muster events --follow --pool demo/build", "watch one pool"),
            Example("muster events --type launch.failed --type worker.overdue --since 1d", "what went wrong"),
            Example("muster events --json --limit 1000 > events.jsonl", "for a program"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let question = try EventStream.Question(arguments, setup)
        try await ServiceClient.with(setup) { client in
            let stream = EventStream(client, question, setup)
            guard arguments.flag("follow") else { return try await stream.showLatest() }
            guard client.isServed else {
                throw Problem(
                    .unavailable,
                    "no service runs, so that nothing happens that could be followed: start muster serve, or "
                        + "leave out --follow to see what has happened")
            }
            try await stream.follow()
        }
        return .done
    }
}
