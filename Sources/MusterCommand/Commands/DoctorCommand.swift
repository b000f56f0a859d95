import MusterAPI
import MusterCore
import MusterEngine

extension Command {
    /// `muster doctor`: what may be wrong.
    static let doctor = Command(
        "doctor", "look for what is wrong with the service and its state",
        discussion: """
            Every check has a name, a state (ok, warning or failed), a sentence, and what to do. The exit code is \
            1 when something has failed.

            With --recount the numbers that are kept so that nobody need count (capacity, claims, waiting tasks) \
            are first set to what a full recount gives; no other change is made while it counts.
            """,
        options: [.flag("recount", "mend the numbers that are kept, by a full recount")],
        examples: [
            Example("muster doctor", "looks, and changes nothing"),
            Example("muster doctor --recount", "mends what a look has found in the counters"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let mends = arguments.flag("recount")
        let answer = try await ServiceClient.with(setup) { client in
            if !client.isServed { try setup.say("no service runs: this looks at the database itself") }
            let recount =
                mends
                ? try await client.post(
                    APIPath.recount, [String: String](), RecountReport.self,
                    within: ClientPolicy.upkeepTimeout) : nil
            let report = try await client.get(
                APIPath.doctor, DoctorReport.self, within: ClientPolicy.upkeepTimeout)
            return DoctorAnswer(report: report, recount: recount)
        }
        try setup.answer(answer) {
            if let recount = answer.recount { try setup.output.print(lines(of: recount)) }
            try setup.output.print(lines(of: answer.report))
        }
        return answer.report.count(.failed) == 0 ? .done : .failed
    }

    private static func lines(of recount: RecountReport) -> [StyledText] {
        let count = recount.differences.count
        let verdict: StyledText =
            count == 0
            ? "full recount: nothing differed"
            : StyledText("full recount: \(count) number\(count == 1 ? "" : "s") mended", .warning)
        return recount.differences.map { StyledText($0.sentence) } + [verdict, ""]
    }

    private static func lines(of report: DoctorReport) -> [StyledText] {
        let width = report.findings.map { DisplayWidth.of($0.name) }.max() ?? 0
        let indent = String(repeating: " ", count: 9 + width + 2)
        var lines: [StyledText] = []
        for finding in report.findings {
            lines.append(
                StyledText(finding.state.rawValue, finding.state.style).padded(to: 9)
                    + StyledText(finding.name, .strong).padded(to: width + 2) + StyledText(finding.message))
            lines += finding.details.map { StyledText("\(indent)  \($0)", .faint) }
            if let action = finding.action {
                lines.append(StyledText(indent) + StyledText("→ ", .accent) + StyledText(action))
            }
        }
        let counts = [Finding.State.ok, .warning, .failed].map { "\(report.count($0)) \($0.rawValue)" }
        return lines + ["", StyledText("\(report.findings.count) checks: \(counts.joined(separator: ", "))")]
    }
}

/// What the command answers: the report, and what was mended before it.
private struct DoctorAnswer: Encodable {
    let report: DoctorReport
    let recount: RecountReport?
}

extension Finding.State {
    /// How it is shown.
    fileprivate var style: Style {
        switch self {
        case .ok: .good
        case .warning: .warning
        case .failed: .bad
        }
    }
}
