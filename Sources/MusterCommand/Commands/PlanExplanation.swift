import MusterAPI
import MusterCore

/// A plan in words, with a table of what each launch config weighed.
struct PlanExplanation {
    private let plan: PlanDocument
    private let heading: String
    private let now: Timestamp

    /// A plan that was decided just now, and that nobody carries out.
    init(_ plan: PlanDocument, at now: Timestamp) {
        self.plan = plan
        self.now = now
        heading = "what a pass would decide now"
    }

    /// A plan that passes have decided.
    init(_ stored: StoredPlanDocument, at now: Timestamp) {
        plan = stored.plan
        self.now = now
        let since =
            stored.repeats > 1 ? ", unchanged since \(HumaneTime.text(stored.first, from: now))" : ""
        heading = "plan of \(HumaneTime.text(stored.last, from: now))\(since)"
    }

    /// Writes it.
    func print(to output: Terminal) throws {
        try output.print([
            StyledText(plan.workerPoolId.rawValue, .strong) + StyledText("  \(heading)"),
            StyledText("\(plan.wanted) wanted, \(plan.supply) there, \(plan.toLaunch) to launch"),
        ])
        for reason in plan.reasons {
            try output.print(StyledText("  \(sentence(reason.message))"))
            if let remedy = reason.remedy { try output.print(StyledText("    \(remedy)", .faint)) }
        }
        if !plan.weights.isEmpty {
            try output.print()
            try output.print(weights)
        }
        guard !plan.retire.isEmpty else { return }
        try output.print()
        try output.print(plan.retire.map { StyledText("retire  \($0)") })
    }

    /// The reason that says most: the last that is no mere assumption.
    static func why(_ plan: PlanDocument) -> String {
        let assumptions = [PoolSnapshot.DemandAssumption.claimsOnSupply, .noClaims].map {
            PlanReason.assumed($0).code
        }
        return plan.reasons.last { !assumptions.contains($0.code) }?.message ?? ""
    }

    private var weights: Table {
        var table = Table([
            .text("LAUNCH CONFIG"), .number("WEIGHT"), .number("ERRORS"), .number("BALANCE"),
            .number("INSTANCES"), .number("CAPACITY"), .text("NOTHING BECAUSE"),
        ])
        for (id, weight) in plan.weights.sorted(by: { $0.key < $1.key }) {
            let launches = plan.launches.filter { $0.launchConfigId.rawValue == id }
            table.add([
                StyledText(id), StyledText(fraction(weight.weight)), StyledText(fraction(weight.errorRatio)),
                StyledText(fraction(weight.balance)), "\(launches.map(\.instances).reduce(0, +))",
                "\(launches.map(\.capacity).reduce(0, +))", StyledText(note(weight), .warning),
            ])
        }
        return table
    }

    /// Why nothing is launched from a launch config, and until when.
    private func note(_ weight: PlanDocument.WeightEntry) -> String {
        guard let reason = weight.reason else { return "" }
        guard let until = weight.until else { return reason }
        let word = reason.prefix { $0 != " " && $0 != ":" }
        return "\(word), \(until > now ? "ends" : "ended") \(HumaneTime.text(until, from: now))"
    }

    /// A reason's sentence, with how far away its moments are.
    private func sentence(_ message: String) -> String {
        message.split(separator: " ", omittingEmptySubsequences: false)
            .map { Self.humane($0, from: now) ?? String($0) }
            .joined(separator: " ")
    }

    private static func humane(_ word: Substring, from now: Timestamp) -> String? {
        for end in ["", ".", ":", ","] where word.hasSuffix(end) {
            if let moment = Timestamp(String(word.dropLast(end.count))) {
                return "\(word.dropLast(end.count)) (\(HumaneTime.text(moment, from: now)))\(end)"
            }
        }
        return nil
    }

    /// Plans one below the other, newest first.
    static func history(_ plans: [StoredPlanDocument], at now: Timestamp) -> Table {
        var table = Table([
            .text("LAST"), .text("FIRST"), .number("TIMES"), .number("WANTED"), .number("THERE"),
            .number("LAUNCH"), .number("RETIRE"), .text("BECAUSE"),
        ])
        for stored in plans {
            let plan = stored.plan
            table.add([
                StyledText(HumaneTime.text(stored.last, from: now)),
                StyledText(HumaneTime.text(stored.first, from: now)), "\(stored.repeats)", "\(plan.wanted)",
                "\(plan.supply)", "\(plan.toLaunch)", "\(plan.retire.count)",
                StyledText(plan.reasons.map(\.code).joined(separator: ", ")),
            ])
        }
        return table
    }
}
