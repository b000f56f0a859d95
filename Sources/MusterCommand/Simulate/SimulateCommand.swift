import MusterCore
import MusterRuntime
import MusterSimulator

extension Command {
    /// `muster simulate`: policies compared on recorded workloads.
    static let simulate = Command(
        "simulate", "try decisions on recorded workloads, under a virtual clock and with a simulated cloud",
        discussion: """
            Runs the decisions and the queue's rules on each TRACE from its first task until the last instance is \
            gone, and tells how long tasks waited and what was billed. Everything but the policy is the same for \
            all that are compared, down to the boot time of the n-th instance; the same seed gives the same \
            result.

            A TRACE is a table with the columns arrival_s,duration_s and, if you like, tenant and priority, or a \
            file of binary records: docs/reference/simulate.md tells of both, and of the files that --outage takes.

            --boot is the median of log-normal boot times. --set takes what a pool's definition may say: \
            maxCapacity, minCapacity, scalingRatio, instancesPerHour, suspendAfter, anticipate, headroom, waitValue, idleTimeout, registrationTimeout, \
            stoppingTimeout; with the name of a policy and a dot before it, for that policy alone.
            """,
        operands: [Operand("TRACE", "recorded workloads; - is the standard input", .oneOrMore)],
        options: [
            .value(
                "policy", "NAME", repeats: true, choices: PolicyCatalogue.all.map(\.name),
                "what decides: "
                    + PolicyCatalogue.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")
                    + "; \(PolicyCatalogue.all[0].name) without it"),
            .value("seed", "N", "what chance is drawn from; 1 without it"),
            .value("configs", "N", "so many launch configs of equal weight; 4 without it"),
            .value("capacity", "N", "how many tasks an instance runs at once; 1 without it"),
            .value("min", "N", "the pool's minimum capacity; 0 without it"),
            .value("max", "N", "the pool's maximum capacity; without it no bound that matters"),
            .value("boot", "SECONDS", "the median boot time; 120 without it"),
            .value("boot-sigma", "X", "the spread of boot times; 0.4 without it, 0 for none"),
            .value("stopping", "SECONDS", "how long an instance takes to go; 30 without it"),
            .value(
                "outage", "FILE-OR-NAME", repeats: true, choices: NamedFaults.allCases.map(\.rawValue),
                "what goes wrong: a file, or one of "
                    + NamedFaults.allCases.map(\.rawValue).joined(separator: ", ")),
            .value("set", "KEY=VALUE", repeats: true, "a setting of the pool"),
            .value("plot", "FILE", "draw what waited, ran, idled and was launched over time, as SVG"),
        ],
        examples: [
            Example("muster simulate week.csv", "how the decisions would have done"),
            Example(
                "muster simulate week.csv --policy muster --policy plain",
                "the same beside the plain formula with its fixed idle time"),
            Example(
                "muster simulate week.dat --outage half-out --seed 7 --json",
                "half of the launch configs out for a while; figures for a program"),
            Example(
                "muster simulate week.csv --policy muster --policy plain --plot week.svg",
                "and draw both over time"),
            Example(
                "muster simulate week.csv --set idleTimeout=600 --set maxCapacity=200",
                "with other settings of the pool"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let request = try SimulationRequest(arguments)
        let reports = try run(request, setup)
        if let path = arguments.string("plot") {
            try DurableFile.write(Array(SimulationPlot(reports).svg.utf8), to: path, mode: 0o644)
        }
        try setup.answer(reports.map(\.result)) {
            try setup.output.print(SimulationTable(reports, of: request).table)
        }
        return .done
    }

    /// Every policy on every workload, one after the other.
    private static func run(
        _ request: SimulationRequest, _ setup: Setup
    ) throws -> [SimulationReport] {
        let progress = setup.isQuiet ? nil : ProgressLine(setup.errors)
        let runs = request.traces.flatMap { trace in request.policies.map { (trace, $0) } }
        var reports: [SimulationReport] = []
        for (trace, policy) in runs {
            let title = "\(policy.name) on \(trace.name)"
            let simulated = try request.setup(of: policy, on: trace)
            var simulation = Simulation(simulated, policy: policy.make(simulated.pool))
            let report = try simulation.run { (part) throws in
                try Task.checkCancellation()
                try progress?.show((Double(reports.count) + part) / Double(runs.count), title)
            }
            reports.append(report)
        }
        try progress?.clear()
        return reports
    }
}
