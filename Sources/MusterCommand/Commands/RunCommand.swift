import MusterCore
import MusterEngine
import MusterRuntime

extension Command {
    /// `muster run`: one scheduled run.
    static let run = Command(
        "run", "make one pass over every pool, and exit: for a timer instead of a service",
        discussion: """
            Compares the providers' instances with the database, reads what waits, launches and retires, waits \
            until the launches are settled, delivers the events, and exits. What a run leaves behind, or one that \
            is killed, the next one finds.

            Nobody answers workers between runs: launches are made for pools with `registration: none`, whose \
            demand comes from an http or file source; other pools wait for a service.

            Exits 0 when all went well or another process holds the work, and says so; 1 when something failed, \
            after everything else has been done.
            """,
        options: [
            .flag("dry-run", "show what would be decided, and change nothing"),
            .value(
                "settle", "TIME", "how long launches may take to settle: 90s, 10m; 60s unless it is given"),
        ],
        examples: [
            Example("muster run", "from a timer, every minute"),
            Example("muster run --dry-run", "shows the plans of all pools"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let bound = try arguments.string("settle").map { try setup.moment($0, option: "settle") - setup.now }
        do {
            return arguments.flag("dry-run")
                ? try await showPlans(setup)
                : try await makeRun(setup, settlingWithin: bound ?? RunPolicy.settleTime)
        } catch let problem as Problem where problem.code == .storeHeld {
            let holder =
                problem.message.split(separator: " held by ").last.map(String.init) ?? problem.message
            try setup.answer(["skipped": "held by \(holder)"]) {
                try setup.output.print("skipped: held by \(holder)")
            }
            return .done
        }
    }

    private static func makeRun(_ setup: Setup, settlingWithin bound: Duration) async throws -> ExitCode {
        let parts = try await open(setup, .run)
        let run = ScheduledRun(parts.context, fleet: parts.fleet, sinks: parts.sinks)
        let report = await run.run(settlingWithin: bound)
        await parts.close()
        try setup.answer(report) { try setup.show(report) }
        return report.problems.isEmpty ? .done : .failed
    }

    private static func showPlans(_ setup: Setup) async throws -> ExitCode {
        let parts = try await open(setup, .lookingOnly)
        let plans: [PlanDocument]
        do {
            plans = try await ScheduledRun(parts.context, fleet: parts.fleet, sinks: []).plans()
        } catch {
            await parts.close()
            throw error
        }
        await parts.close()
        try setup.answer(["plans": plans]) {
            for plan in plans { try PlanExplanation(plan, at: setup.now).print(to: setup.output) }
            if plans.isEmpty { try setup.output.print("there are no worker pools") }
        }
        return .done
    }

    private static func open(_ setup: Setup, _ purpose: ServiceParts.Purpose) async throws -> ServiceParts {
        try setup.requireDatabase()
        return try await ServiceParts.open(
            setup.configuration, purpose: purpose, program: try .own(), environment: setup.environment,
            log: setup.log, waiting: RunPolicy.holderPatience)
    }
}

extension Setup {
    /// Writes what a scheduled run came to.
    fileprivate func show(_ report: ScheduledRunReport) throws {
        var table = Table([
            .text("POOL"), .number("WANTED"), .number("SUPPLY"), .number("LAUNCHED"), .number("RETIRED"),
            .text("WHY"),
        ])
        for pool in report.pools {
            let plan = pool.plan
            let why = pool.heldBy.map { "skipped: held by \($0)" } ?? PlanExplanation.why(plan)
            table.add([
                StyledText(plan.workerPoolId.rawValue), "\(plan.wanted)", "\(plan.supply)",
                "\(pool.heldBy == nil ? plan.toLaunch : 0)", "\(plan.retire.count)", StyledText(why),
            ])
        }
        if !table.isEmpty { try output.print(table) }
        for fault in report.problems {
            try errors.print(StyledText("muster: ", .bad) + StyledText("\(fault.part): \(fault.message)"))
        }
        let time = HumaneTime.text(report.finishedAt - report.startedAt)
        let unsettled = report.unsettled == 0 ? "" : ", \(report.unsettled) launches not settled yet"
        let pools = report.pools.count == 1 ? "1 pool" : "\(report.pools.count) pools"
        let events = report.events == 1 ? "1 event" : "\(report.events) events"
        try say("\(pools) in \(time), \(events) delivered\(unsettled)")
    }
}
