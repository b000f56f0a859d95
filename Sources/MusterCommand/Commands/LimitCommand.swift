import MusterAPI
import MusterCore

extension Command {
    /// `muster limit`: look at concurrency limits, change them, and use them for work that is no task.
    static let limit = Command(
        "limit", "look at concurrency limits, change them, and take slots of them",
        examples: [Example("muster limit list", "all of them, and what is held of each")],
        subcommands: [
            Command(
                "list", "list all concurrency limits, those of pools' own included", options: [.limit],
                examples: [Example("muster limit list", "all of them, and what is held of each")]
            ) { arguments in
                let setup = try Setup(arguments)
                let limit = try arguments.limit()
                let answer = try await ServiceClient.with(setup) {
                    try await $0.list(APIPath.limits, [], limit: limit, LimitsAnswer.self)
                }
                try setup.list(answer) { table(of: $0.limits) }
                return .done
            },
            Command(
                "show", "show one concurrency limit, and what waits for it", operands: [limitOperand],
                examples: [
                    Example("muster limit show gpu", "what is held, and how many wait"),
                    Example("muster limit show pool:demo/build", "the limit of a pool's own"),
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = try arguments.limitPath()
                try setup.show(
                    try await ServiceClient.with(setup) { try await $0.get(path, LimitDocument.self) })
                return .done
            },
            Command(
                "create", "make a concurrency limit that pools and tasks can share",
                operands: [limitOperand, Operand("SLOTS", "how many there are")], options: settings,
                examples: [
                    Example("muster limit create gpu 4 --description 'the lab'", "four at once"),
                    Example("muster limit create db 10 --when-full cancel-new", "no task waits for it"),
                    Example(
                        "muster limit create mails 30 --per-second 0.5", "slots that come back with time"),
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                var request = try settings(arguments)
                request.name = try arguments.operand("LIMIT", LimitName.self)
                request.slots = try arguments.integer("SLOTS", 0...LimitPolicy.slots)
                let sent = request
                try setup.show(
                    try await ServiceClient.with(setup) {
                        try await $0.post(APIPath.limits, sent, LimitDocument.self)
                    })
                return .done
            },
            Command(
                "set", "change a concurrency limit; whoever holds slots keeps them",
                operands: [limitOperand],
                options: [
                    .value("slots", "N", "how many there are"),
                    .value("name", "NAME", "call it so; pools and tasks go on to refer to it"),
                    .flag("active", "hold others back again"),
                ] + settings,
                examples: [
                    Example("muster limit set gpu --slots 2", "fewer than are held only stops new holders"),
                    Example("muster limit set gpu --inactive", "holds nobody back; holders are recorded"),
                    Example("muster limit set gpu --name lab-gpu", "renames it"),
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = try arguments.limitPath()
                var request = try settings(arguments)
                request.slots = try arguments.integer("slots", 0...LimitPolicy.slots)
                request.name = try arguments.identifier("name", LimitName.self)
                if arguments.flag("active") {
                    guard request.active == nil else {
                        throw Problem(.usage, "--active and --inactive cannot be given together")
                    }
                    request.active = true
                }
                let sent = request
                try setup.show(
                    try await ServiceClient.with(setup) {
                        try await $0.patch(path, sent, LimitDocument.self)
                    })
                return .done
            },
            Command(
                "delete", "delete a concurrency limit to which nothing refers any more",
                operands: [limitOperand],
                examples: [Example("muster limit delete gpu", "refused while a pool or a task needs it")]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = try arguments.limitPath()
                let limit = try await ServiceClient.with(setup) {
                    try await $0.delete(path, LimitDocument.self)
                }
                try setup.answer(limit) { try setup.output.print("deleted \(limit.name)") }
                return .done
            },
            Command(
                "holders", "list who holds slots of a concurrency limit", operands: [limitOperand],
                options: [.limit],
                examples: [Example("muster limit holders gpu", "tasks, and work that is none")]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = try arguments.limitPath() + "/holders"
                let limit = try arguments.limit()
                let answer = try await ServiceClient.with(setup) {
                    try await $0.list(path, [], limit: limit, LimitHoldersAnswer.self)
                }
                try setup.list(answer) { table(of: $0.holders, setup) }
                return .done
            },
            acquireSlots, releaseSlots,
        ])

    static let limitOperand = Operand("LIMIT", "the concurrency limit's name")

    private static let settings: [Option] = [
        .value("description", "TEXT", "what it is for"),
        .value(
            "when-full", "WHAT", choices: ConcurrencyLimit.WhenFull.allCases.map(\.rawValue),
            "enqueue: tasks wait; cancel-new: they take a slot when they are submitted, or are refused"),
        .value("per-second", "N", "so many slots come back in a second; 0 for slots that are given back"),
        .flag("inactive", "hold nobody back, and record holders all the same"),
    ]

    private static func settings(_ arguments: ParsedArguments) throws(Problem) -> LimitRequest {
        var request = LimitRequest(
            description: arguments.string("description"),
            active: arguments.flag("inactive") ? false : nil,
            whenFull: try arguments.choice("when-full", ConcurrencyLimit.WhenFull.self))
        if let text = arguments.string("per-second") {
            guard let rate = Double(text), rate.isFinite, rate >= 0 else {
                throw Problem(.usage, "--per-second must be a number from 0, such as 0.5")
            }
            request.slotsPerSecond = rate
        }
        return request
    }

    private static func table(of limits: [LimitDocument]) -> Table {
        var table = Table([
            .text("LIMIT"), .number("SLOTS"), .number("HELD"), .number("FREE"), .text("WHEN FULL"),
            .text("STATE"), .text("DESCRIPTION"),
        ])
        for limit in limits {
            table.add([
                StyledText(limit.name.rawValue), "\(limit.slots)", "\(limit.held)",
                StyledText(limit.free.map(String.init) ?? ""), StyledText(limit.whenFull.rawValue),
                limit.standing, StyledText(limit.description),
            ])
        }
        return table
    }

    private static func table(of holders: [LimitHolderDocument], _ setup: Setup) -> Table {
        var table = Table([.text("HOLDER"), .number("SLOTS"), .text("SINCE"), .text("ENDS")])
        for holder in holders {
            table.add([
                StyledText(holder.holder), "\(holder.slots)",
                StyledText(HumaneTime.text(holder.acquired, from: setup.now)),
                StyledText(holder.expires.map { HumaneTime.text($0, from: setup.now) } ?? "with its task"),
            ])
        }
        return table
    }
}

extension ParsedArguments {
    /// The path of the limit that the operand names.
    fileprivate func limitPath() throws(Problem) -> String {
        APIPath.limit(try operand("LIMIT", LimitName.self))
    }
}

extension LimitDocument {
    fileprivate var standing: StyledText {
        active ? StyledText("active", .good) : StyledText("inactive", .warning)
    }
}

extension Setup {
    /// Writes everything there is to see of a limit.
    fileprivate func show(_ limit: LimitDocument) throws {
        try answer(limit) {
            try output.print(StyledText(limit.name.rawValue, .strong) + "  " + limit.standing)
            if !limit.description.isEmpty { try output.print(StyledText(limit.description)) }
            let rate = limit.slotsPerSecond.map { ", \($0) come back in a second" } ?? ""
            try output.print(StyledText("slots      \(limit.slots), \(limit.held) held\(rate)"))
            if let free = limit.free { try output.print("free       \(free)") }
            try output.print(StyledText("when full  \(limit.whenFull.rawValue)"))
            if let pools = limit.workerPools, !pools.isEmpty {
                try output.print(StyledText("pools      " + pools.map(\.rawValue).joined(separator: ", ")))
            }
            if let tasks = limit.waitingTasks, let others = limit.waitingHolders {
                try output.print("waiting    \(tasks) tasks, \(others) others")
            }
        }
    }
}
