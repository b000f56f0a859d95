import MusterAPI
import MusterCore

extension Command {
    /// `muster replica`: look at the processes that share a database.
    static let replica = Command(
        "replica", "look at the services that share a database",
        examples: [Example("muster replica list", "who is there, and who works on what")],
        subcommands: [
            Command(
                "list", "list the services and scheduled runs that work on the database",
                discussion: "With --json also which pools each of them works on.",
                examples: [Example("muster replica list", "who is there, and who works on what")]
            ) { arguments in
                let setup = try Setup(arguments)
                let answer = try await ServiceClient.with(setup) {
                    try await $0.get(APIPath.replicas, ReplicasAnswer.self)
                }
                try setup.answer(answer) { try setup.output.print(table(of: answer.replicas, at: setup.now)) }
                return .done
            }
        ])

    private static func table(of replicas: [ReplicaDocument], at now: Timestamp) -> Table {
        var table = Table([
            .text("REPLICA"), .text("STATE"), .text("ROLE"), .text("HOST"), .number("PID"), .text("VERSION"),
            .text("SINCE"), .text("SEEN"), .number("POOLS"), .text("ALSO"),
        ])
        for replica in replicas {
            table.add([
                StyledText(replica.name, replica.answers ? .strong : .plain),
                StyledText(replica.state, replica.state == "there" ? .good : .bad), StyledText(replica.role),
                StyledText(replica.host), "\(replica.pid)", StyledText(replica.version),
                StyledText(HumaneTime.text(replica.since, from: now)),
                StyledText(HumaneTime.text(replica.lastSeen, from: now)), "\(replica.workerPools.count)",
                StyledText(replica.leases.joined(separator: ", ")),
            ])
        }
        return table
    }
}
