import MusterAPI

/// Findings as people see them.
enum FindingText {
    /// A line for each, and one for what to do about it.
    static func lines(_ findings: [FindingDocument]) -> [StyledText] {
        let width = findings.map { DisplayWidth.of($0.name) }.max() ?? 0
        let indent = String(repeating: " ", count: 2 + verdictWidth + width + 2)
        return findings.flatMap { finding in
            let line =
                StyledText("  ") + StyledText(finding.verdict, finding.style).padded(to: verdictWidth)
                + StyledText(finding.name, .strong).padded(to: width + 2) + StyledText(finding.message)
            guard let remedy = finding.remedy else { return [line] }
            return [line, StyledText(indent) + StyledText("→ ", .accent) + StyledText(remedy)]
        }
    }

    /// The longest verdict and a gap.
    private static let verdictWidth = 9
}

extension FindingDocument {
    /// Whether something has to be done before it works.
    var isBad: Bool { verdict == "bad" }

    fileprivate var style: Style {
        switch verdict {
        case "good": .good
        case "bad": .bad
        case "warning": .warning
        default: .faint
        }
    }
}
