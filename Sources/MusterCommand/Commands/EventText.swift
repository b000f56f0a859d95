import MusterAPI
import MusterCore

/// Events in words.
enum EventText {
    /// Events one below the other.
    static func table(of events: [EventDocument], at now: Timestamp) -> Table {
        var table = Table([.text("WHEN"), .text("TYPE"), .text("SUBJECT"), .text("DETAIL")])
        for event in events {
            table.add([
                StyledText(HumaneTime.text(event.time, from: now)), type(of: event),
                StyledText(event.subject), StyledText(detail(of: event)),
            ])
        }
        return table
    }

    /// An event as it happens: with its moment, since "now" would soon be wrong.
    static func line(of event: EventDocument) -> StyledText {
        let detail = detail(of: event)
        let start =
            StyledText(event.time.description, .faint) + "  " + type(of: event).padded(to: widestType) + "  "
        let subject = StyledText(event.subject)
        return start
            + (detail.isEmpty ? subject : subject.padded(to: usualSubject) + "  " + StyledText(detail))
    }

    private static let widestType = EventType.allCases.map(\.shortName.count).max() ?? 0
    /// A worker's whole name with short ones for its pool and group; what is longer stands out.
    private static let usualSubject = 56

    private static func type(of event: EventDocument) -> StyledText {
        let style: Style =
            switch event.type {
            case .poolError, .poolSuspended, .launchConfigSuspended, .launchFailed, .launchAbandoned,
                .workerOverdue, .taskFailed, .taskException:
                .bad
            case .workerSuspected, .taskRetried, .poolPaused, .launchConfigPaused, .frozen: .warning
            default: .accent
            }
        return StyledText(event.type.shortName, style)
    }

    /// What the details say beyond the subject: numbers of a launch, and why.
    private static func detail(of event: EventDocument) -> String {
        func text(_ name: String) -> String? {
            guard case .string(let text) = event.data[name]?.value, !text.isEmpty else { return nil }
            return text
        }
        func number(_ name: String) -> Int64? {
            guard case .integer(let number) = event.data[name]?.value else { return nil }
            return number
        }
        var parts: [String] = []
        if let instances = number("instances") {
            let obtained = event.type == .launchPlanned ? nil : number("obtained")
            parts.append(
                (obtained.map { "\($0) of " } ?? "") + "\(instances) \(text("launchConfigId") ?? "")")
        }
        parts += ["reason", "message"].compactMap(text)
        return parts.joined(separator: ": ")
    }
}
