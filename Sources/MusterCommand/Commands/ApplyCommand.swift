import MusterAPI
import MusterCore

extension Command {
    /// `muster apply`: pools as files say.
    static let apply = Command(
        "apply", "define worker pools as files say, all or none",
        discussion: """
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
        let request = ApplyRequest(workerPools: documents, prune: arguments.flag("prune"), dryRun: isDryRun)
        let answer = try await ServiceClient.with(setup, ifAbsent: .create) {
            try await $0.post(APIPath.apply, request, ApplyAnswer.self)
        }
        try setup.answer(answer) {
            for change in answer.changes {
                try setup.output.print(StyledText(change.workerPoolId.rawValue, .strong))
                for entry in change.changes { try setup.output.print("  \(entry.what): \(entry.how)") }
            }
            let count = answer.changes.count
            let verb = isDryRun ? "would change" : "changed"
            try setup.output.print(
                count == 0 ? "nothing to change" : "\(count) pool\(count == 1 ? "" : "s") \(verb)")
        }
        return .done
    }
}
