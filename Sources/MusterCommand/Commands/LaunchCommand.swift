import MusterAPI
import MusterCore

extension Command {
    /// `muster launch`: look at launches.
    static let launch = Command(
        "launch", "look at launches: requests to a provider for instances",
        examples: [Example("muster launch list --pool demo/build", "what was asked for, and what came")],
        subcommands: [
            Command(
                "list", "list launches, newest first",
                options: [
                    .pool,
                    .value("state", "STATE", "only those that are planned, settled or abandoned"), .limit,
                ],
                examples: [
                    Example("muster launch list --pool demo/build", "what was asked for, and what came"),
                    Example("muster launch list --state planned", "those of which nobody knows yet"),
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                let filter = [
                    ("workerPoolId", try arguments.poolOption()?.rawValue),
                    ("state", try arguments.choice("state", Launch.State.self)?.rawValue),
                ]
                let limit = try arguments.limit()
                let answer = try await ServiceClient.with(setup) {
                    try await $0.list(APIPath.launches, filter, limit: limit, LaunchesAnswer.self)
                }
                try setup.list(answer) { table(of: $0.launches, at: setup.now) }
                return .done
            },
            Command(
                "show", "show a launch with the instances that it gave",
                discussion: "With --json also the call that was sent, in which there is no secret.",
                operands: [Operand("LAUNCH", "the launch's id")],
                examples: [Example("muster launch show l01k...", "why it gave fewer than were asked for")]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = APIPath.launch(try arguments.operand("LAUNCH", LaunchID.self))
                let launch = try await ServiceClient.with(setup) {
                    try await $0.get(path, LaunchDocument.self)
                }
                try setup.answer(launch) { try setup.show(launch) }
                return .done
            },
        ])

    private static func table(of launches: [LaunchDocument], at now: Timestamp) -> Table {
        var table = Table([
            .text("LAUNCH"), .text("POOL"), .text("LAUNCH CONFIG"), .text("STATE"), .number("OBTAINED"),
            .number("INSTANCES"), .number("REPEATS"), .text("PLANNED"), .text("ERROR"),
        ])
        for launch in launches {
            table.add([
                StyledText(launch.launchId.rawValue), StyledText(launch.workerPoolId.rawValue),
                StyledText(launch.launchConfigId.rawValue),
                StyledText(launch.state.rawValue, launch.style), "\(launch.obtained)", "\(launch.instances)",
                "\(launch.repeats)", StyledText(HumaneTime.text(launch.planned, from: now)),
                StyledText(launch.error.map { "\($0.kind): \($0.message)" } ?? ""),
            ])
        }
        return table
    }
}

extension LaunchDocument {
    /// How its state is shown.
    fileprivate var style: Style {
        switch state {
        case .planned: .accent
        case .settled: obtained == instances ? .good : .warning
        case .abandoned: .bad
        }
    }
}

extension Setup {
    /// Writes what a person wants to see of a launch.
    fileprivate func show(_ launch: LaunchDocument) throws {
        try output.print(
            StyledText(launch.launchId.rawValue, .strong) + "  "
                + StyledText(launch.state.rawValue, launch.style))
        try output.print("pool       \(launch.workerPoolId), launch config \(launch.launchConfigId)")
        try output.print("provider   \(launch.providerId)")
        try output.print(
            "instances  \(launch.obtained) of \(launch.instances), each for \(launch.capacityPerInstance) "
                + "task\(launch.capacityPerInstance == 1 ? "" : "s") at once")
        try output.print("planned    \(HumaneTime.text(launch.planned, from: now))")
        if let repeated = launch.repeated {
            try output.print(
                "sent again \(launch.repeats) time\(launch.repeats == 1 ? "" : "s"), last "
                    + "\(HumaneTime.text(repeated, from: now))")
        }
        if let settled = launch.settled {
            try output.print(
                StyledText(launch.state.rawValue).padded(to: 11)
                    + StyledText(HumaneTime.text(settled, from: now)))
        }
        if let error = launch.error {
            let detail = error.detail.map { " (\($0))" } ?? ""
            try output.print(StyledText("error      \(error.kind)\(detail): \(error.message)", .bad))
            try output.print(StyledText("           the provider's own code is \(error.cloudCode)"))
        }
        guard let workers = launch.workers, !workers.isEmpty else { return }
        try output.print()
        try output.print(WorkerText.table(of: workers, at: now))
    }
}
