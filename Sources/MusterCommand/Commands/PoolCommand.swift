import MusterAPI
import MusterCore

extension Command {
    /// `muster pool`: look at worker pools, pause and resume them.
    static let pool = Command(
        "pool", "look at worker pools, pause, resume and delete them",
        examples: [Example("muster pool list", "all of them, and what there is of each")],
        subcommands: [
            Command(
                "list", "list all worker pools",
                examples: [Example("muster pool list", "shows what waits and what is there")]
            ) { arguments in
                let setup = try Setup(arguments)
                let answer = try await ServiceClient.with(setup) {
                    try await $0.get(APIPath.pools, PoolsAnswer.self)
                }
                try setup.answer(answer) { try setup.output.print(table(of: answer.workerPools)) }
                return .done
            },
            Command(
                "show", "show one worker pool with its launch configs and its last plan",
                operands: [poolOperand],
                examples: [Example("muster pool show demo/build", "why this many, and why there")]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = APIPath.pool(try arguments.pool())
                try setup.show(
                    try await ServiceClient.with(setup) { try await $0.get(path, PoolDocument.self) })
                return .done
            },
            Command(
                "pause", "launch nothing for a worker pool", operands: [poolOperand],
                options: [
                    .value("until", "TIME", "when it goes on by itself: a time, or 90s, 10m, 2h, 1d"),
                    .value("reason", "TEXT", "why, for whoever wonders"),
                ],
                examples: [
                    Example("muster pool pause demo/build --until 2h --reason upgrade", "for two hours")
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = APIPath.pause(try arguments.pool())
                let until = try arguments.string("until").map { try setup.moment($0, option: "until") }
                let request = PauseRequest(until: until, reason: arguments.string("reason"))
                try setup.show(
                    try await ServiceClient.with(setup) {
                        try await $0.post(path, request, PoolDocument.self)
                    })
                return .done
            },
            Command(
                "resume", "launch for a worker pool again", operands: [poolOperand],
                examples: [Example("muster pool resume demo/build", "ends a pause")]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = APIPath.resume(try arguments.pool())
                try setup.show(
                    try await ServiceClient.with(setup) {
                        try await $0.post(path, [String: String](), PoolDocument.self)
                    })
                return .done
            },
            Command(
                "delete", "delete a worker pool once its workers have finished", operands: [poolOperand],
                examples: [Example("muster pool delete demo/build", "refused while tasks wait for it")]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = APIPath.pool(try arguments.pool())
                try setup.show(
                    try await ServiceClient.with(setup) { try await $0.delete(path, PoolDocument.self) })
                return .done
            },
        ])

    private static let poolOperand = Operand("POOL", "the worker pool, owner/name")

    private static func table(of pools: [PoolDocument]) -> Table {
        var table = Table([
            .text("POOL"), .text("STATE"), .number("PENDING"), .number("CLAIMED"), .number("REQUESTED"),
            .number("RUNNING"), .number("ENDING"), .number("MAX"), .text("PROVIDER"),
        ])
        for pool in pools {
            table.add([
                StyledText(pool.workerPoolId.rawValue),
                StyledText(pool.state, pool.state == "active" ? .good : .warning),
                StyledText(pool.pendingTasks.map(String.init) ?? "?"),
                StyledText(pool.claimedTasks.map(String.init) ?? "?"), "\(pool.capacity.of(.requested))",
                "\(pool.capacity.of(.running))", "\(pool.capacity.of(Bucket.ending))",
                StyledText(pool.config["maxCapacity"]?.canonicalJSON ?? ""),
                StyledText(pool.providerId.rawValue),
            ])
        }
        return table
    }
}

extension ParsedArguments {
    /// The pool that the operand names.
    func pool() throws(Problem) -> PoolID {
        do {
            return try PoolID(validating: try required("POOL"))
        } catch {
            throw Problem(.usage, error.message)
        }
    }
}

extension Setup {
    /// Writes everything there is to see of a pool.
    func show(_ pool: PoolDocument) throws {
        try answer(pool) {
            try output.print(StyledText(pool.workerPoolId.rawValue, .strong) + StyledText("  \(pool.state)"))
            if !pool.description.isEmpty { try output.print(StyledText(pool.description)) }
            if let until = pool.pausedUntil {
                try output.print("paused until \(HumaneTime.text(until, from: now))")
            }
            if let pending = pool.pendingTasks, let claimed = pool.claimedTasks {
                try output.print("\(pending) tasks wait, \(claimed) are claimed")
            } else {
                try output.print("nobody knows how many tasks wait: see the plan")
            }
            if let limit = pool.concurrencyLimit {
                let state = limit.active ? "" : ", switched off"
                try output.print(
                    StyledText("limit \(limit.name): \(limit.held) of \(limit.slots) slots held\(state)"))
            }
            var table = Table(
                [.text("LAUNCH CONFIG"), .number("WEIGHT"), .number("ERRORS")]
                    + Bucket.allCases.dropLast().map { .number($0.rawValue.uppercased()) })
            for config in pool.launchConfigs {
                let mark = config.excluded.map { " (\($0))" } ?? ""
                table.add(
                    [
                        StyledText(config.launchConfigId.rawValue + mark),
                        StyledText(fraction(config.weight)),
                        StyledText(fraction(config.errorRatio)),
                    ] + Bucket.allCases.dropLast().map { "\(config.capacity[$0.rawValue]?.capacity ?? 0)" })
            }
            try output.print(table)
            guard let plan = pool.plan else { return }
            try output.print(
                "plan of \(HumaneTime.text(plan.at, from: now)): \(plan.wanted) wanted, \(plan.supply) there, "
                    + "\(plan.toLaunch) to launch")
            for reason in plan.reasons { try output.print("  \(reason.message)") }
        }
    }
}

/// A number between 0 and 1 with two digits.
func fraction(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}
