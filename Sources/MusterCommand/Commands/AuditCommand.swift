import MusterAPI
import MusterCore

extension Command {
    /// `muster audit`: who ordered what.
    static let audit = Command(
        "audit", "list who ordered what, latest first",
        discussion: """
            Every order of a person that changes something is written down with it. Whoever called through the \
            service's socket is named by the user that the kernel says it was.
            """,
        options: [
            .value("since", "TIME", "only orders from then on: a time, or 90s, 10m, 2h, 1d ago"),
            .value("actor", "ACTOR", "only one person's, as it is shown: 'local user root'"),
            .value("subject", "SUBJECT", "only those about one thing, as it is shown: pool/demo/build"),
            .limit,
        ],
        examples: [
            Example("muster audit --since 1d", "who ordered what since yesterday"),
            Example("muster audit --subject pool/demo/build", "what was done to one pool"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let filter = [
            ("since", try arguments.string("since").map { try setup.past($0, option: "since").description }),
            ("actor", arguments.string("actor")), ("subject", arguments.string("subject")),
        ]
        let limit = try arguments.limit()
        let answer = try await ServiceClient.with(setup) {
            try await $0.list(APIPath.audit, filter, limit: limit, AuditAnswer.self)
        }
        try setup.list(answer) { answer in
            var table = Table([
                .text("WHEN"), .text("ACTOR"), .text("ACTION"), .text("SUBJECT"), .text("DETAIL"),
            ])
            for entry in answer.audit {
                table.add([
                    StyledText(HumaneTime.text(entry.at, from: setup.now)), StyledText(entry.actor),
                    StyledText(entry.action, .accent), StyledText(entry.subject),
                    StyledText(entry.detail.summary),
                ])
            }
            return table
        }
        return .done
    }
}

extension Document {
    /// An object's members on one line, as a person writes them; null and empty ones left out.
    fileprivate var summary: String {
        guard case .object(let members) = value else { return canonicalJSON }
        return members.compactMap { member in
            switch member.document.value {
            case .null, .string(""): nil
            case .string(let text): "\(member.name): \(text)"
            case .array(let elements):
                elements.map { $0.text ?? $0.canonicalJSON }.joined(separator: "; ")
            default: "\(member.name): \(member.document.canonicalJSON)"
            }
        }.joined(separator: ", ")
    }

    private var text: String? {
        guard case .string(let text) = value else { return nil }
        return text
    }
}
