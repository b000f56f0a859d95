import MusterAPI
import MusterCore

extension Command {
    /// `muster launch-config`: look at launch configs, pause and resume them.
    static let launchConfig = Command(
        "launch-config", "look at launch configs, validate, pause and resume them",
        examples: [Example("muster launch-config list demo/build", "what is launched from, and how it goes")],
        subcommands: [
            Command(
                "list", "list launch configs with their weights and what is there of them",
                operands: [Operand("POOL", "the worker pool, owner/name; all without it", .optional)],
                options: [.flag("archived", "also those that have left their pool's definition"), .limit],
                examples: [
                    Example("muster launch-config list demo/build", "what is launched from, and how it goes"),
                    Example("muster launch-config list --archived", "all that workers can be of"),
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                let pool = arguments.string("POOL") == nil ? nil : try arguments.pool()
                let filter = [
                    ("workerPoolId", pool?.rawValue), ("archived", arguments.flag("archived") ? "true" : nil),
                ]
                let limit = try arguments.limit()
                let answer = try await ServiceClient.with(setup) {
                    try await $0.list(
                        APIPath.launchConfigs, filter, limit: limit, LaunchConfigsAnswer.self)
                }
                try setup.list(answer) { table(of: $0.launchConfigs, at: setup.now) }
                return .done
            },
            Command(
                "show", "show one launch config with what it launches", operands: launchConfigOperands,
                examples: [
                    Example("muster launch-config show demo/build big", "its content, weight and health")
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = try arguments.launchConfigPath()
                try setup.show(
                    try await ServiceClient.with(setup) { try await $0.get(path, LaunchConfigDocument.self) })
                return .done
            },
            .validateLaunchConfig,
            Command(
                "pause", "launch nothing from a launch config; what runs of it goes on",
                operands: launchConfigOperands,
                options: [
                    .value("until", "TIME", "when it goes on by itself: a time, or 90s, 10m, 2h, 1d"),
                    .value("reason", "TEXT", "why, for whoever wonders"),
                ],
                examples: [
                    Example(
                        "muster launch-config pause demo/build big --until 2h --reason 'bad image'",
                        "the pool's other launch configs take its part for two hours")
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = try arguments.launchConfigPath() + "/pause"
                let until = try arguments.string("until").map { try setup.moment($0, option: "until") }
                let request = PauseRequest(until: until, reason: arguments.string("reason"))
                try setup.show(
                    try await ServiceClient.with(setup) {
                        try await $0.post(path, request, LaunchConfigDocument.self)
                    })
                return .done
            },
            Command(
                "resume", "launch from a launch config again", operands: launchConfigOperands,
                examples: [
                    Example("muster launch-config resume demo/build big", "ends a pause or a suspension")
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = try arguments.launchConfigPath() + "/resume"
                try setup.show(
                    try await ServiceClient.with(setup) {
                        try await $0.post(path, [String: String](), LaunchConfigDocument.self)
                    })
                return .done
            },
        ])

    private static let launchConfigOperands = [
        Operand("POOL", "the worker pool, owner/name"), Operand("CONFIG", "the launch config's id"),
    ]

    private static func table(of configs: [LaunchConfigDocument], at now: Timestamp) -> Table {
        var table = Table([
            .text("POOL"), .text("LAUNCH CONFIG"), .text("STATE"), .number("WEIGHT"), .number("ERRORS"),
            .number("REQUESTED"), .number("RUNNING"), .number("ENDING"), .number("MAX"),
        ])
        for config in configs {
            table.add([
                StyledText(config.workerPoolId.rawValue), StyledText(config.launchConfigId.rawValue),
                config.standing(at: now), StyledText(fraction(config.weight)),
                StyledText(fraction(config.errorRatio)), "\(config.capacity.of(.requested))",
                "\(config.capacity.of(.running))", "\(config.capacity.of(Bucket.ending))",
                StyledText(config.maxCapacity.map(String.init) ?? ""),
            ])
        }
        return table
    }
}

extension ParsedArguments {
    /// The path of the launch config that the operands name.
    fileprivate func launchConfigPath() throws(Problem) -> String {
        APIPath.launchConfig(try operand("CONFIG", LaunchConfigID.self), of: try pool())
    }
}

extension Bucket {
    /// Those whose workers take no more work, or may not.
    static let ending: [Bucket] = [.suspected, .quarantined, .draining, .stopping, .overdue]
}

extension [String: CapacityTally] {
    /// The capacity in some buckets together.
    func of(_ buckets: [Bucket]) -> Int { buckets.map { of($0) }.reduce(0, +) }

    /// The capacity in a bucket.
    func of(_ bucket: Bucket) -> Int { self[bucket.rawValue]?.capacity ?? 0 }
}

extension LaunchConfigDocument {
    /// Whether it launches, and if not, why and until when.
    fileprivate func standing(at now: Timestamp) -> StyledText {
        let word =
            excluded
            ?? (unavailableUntil != nil
                ? "unavailable" : restsUntil != nil ? "resting" : allowance != nil ? "recovering" : "active")
        let end = (isPaused ? pausedUntil : unavailableUntil ?? restsUntil).map {
            ", ends \(HumaneTime.text($0, from: now))"
        }
        return StyledText(word + (end ?? ""), word == "active" ? .good : .warning)
    }
}

extension Setup {
    /// Writes everything there is to see of a launch config.
    fileprivate func show(_ config: LaunchConfigDocument) throws {
        try answer(config) {
            try output.print(
                StyledText("\(config.workerPoolId)/\(config.launchConfigId)", .strong) + "  "
                    + config.standing(at: now))
            if config.isPaused, let reason = config.pauseReason, !reason.isEmpty {
                try output.print(StyledText("paused     \(reason)"))
            }
            if let reason = config.suspendedReason {
                try output.print(StyledText("suspended  \(reason)"))
            }
            if let allowance = config.allowance {
                try output.print("trust      \(allowance) at a time, until it has proved itself")
            }
            try output.print(
                "weight     \(fraction(config.weight)) of \(fraction(config.initialWeight)), "
                    + "errors \(fraction(config.errorRatio))")
            let bound = config.maxCapacity.map { ", at most \($0)" } ?? ""
            try output.print("capacity   \(config.capacityPerInstance) per instance\(bound)")
            for bucket in Bucket.allCases {
                guard let tally = config.capacity[bucket.rawValue] else { continue }
                try output.print(
                    "           \(bucket.rawValue) \(tally.capacity) in \(tally.workers) "
                        + "worker\(tally.workers == 1 ? "" : "s"), \(tally.claimed) claimed")
            }
            try output.print("created    \(HumaneTime.text(config.created, from: now))")
            if let content = config.content { try output.print("content    \(content.canonicalJSON)") }
        }
    }
}
