import MusterAPI
import MusterCore

extension Command {
    /// `muster apply`: pools as files say.
    static let apply = Command(
        "apply", "define worker pools as files say, all or none",
        discussion: """
            Shows the difference first, then applies that difference and no other: when somebody changes the \
            pools in between, nothing is applied.

            Launch configs whose content is new are created; those that left a definition are archived and \
            their workers finish. Weights, bounds and capacities change in place.
            """,
        options: [
            .value("file", short: "f", "FILE-OR-FOLDER", "the definitions: YAML or JSON"),
            .flag("dry-run", "show what would change, and change nothing"),
            .flag("prune", "delete pools that no file names"),
        ],
        examples: [
            Example("muster apply -f pools/ --dry-run", "shows the difference"),
            Example("muster apply -f pools/build.yaml", "defines the pools of one file"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let documents = try PoolFiles.read(try arguments.required("file"))
        let isDryRun = arguments.flag("dry-run")
        var request = ApplyRequest(workerPools: documents, prune: arguments.flag("prune"), dryRun: true)
        let answer = try await ServiceClient.with(setup, ifAbsent: .create) { client in
            let shown = try await client.post(APIPath.apply, request, ApplyAnswer.self)
            if !setup.isJSON { try setup.output.print(lines(of: shown.changes)) }
            if isDryRun { return shown }
            request.dryRun = false
            request.asShown = shown.digest
            return try await client.post(APIPath.apply, request, ApplyAnswer.self)
        }
        try setup.answer(answer) { try setup.output.print(verdict(on: answer)) }
        return .done
    }

    private static func lines(of changes: [PoolChange]) -> [StyledText] {
        changes.flatMap { change in
            [StyledText(change.workerPoolId.rawValue, .strong)]
                + change.changes.map { entry in
                    StyledText("  \(entry.kind.mark) \(entry.what): \(entry.how)", entry.kind.style)
                }
        }
    }

    private static func verdict(on answer: ApplyAnswer) -> StyledText {
        let count = answer.changes.count
        guard count > 0 else { return "nothing to change" }
        let deleted = answer.changes.count { change in
            change.changes.contains { $0.what == "pool" && $0.kind == .removed }
        }
        let verb = answer.dryRun ? "would change" : "changed"
        let rest = deleted == 0 ? "" : ", \(deleted) of them \(answer.dryRun ? "would be " : "")deleted"
        return StyledText("\(count) pool\(count == 1 ? "" : "s") \(verb)\(rest)")
    }
}

extension PoolChange.Entry.Kind {
    /// What stands before it, for those who see no colours.
    fileprivate var mark: String {
        switch self {
        case .added: "+"
        case .changed: "~"
        case .removed: "-"
        }
    }

    /// How it is shown.
    fileprivate var style: Style {
        switch self {
        case .added: .good
        case .changed: .plain
        case .removed: .bad
        }
    }
}
