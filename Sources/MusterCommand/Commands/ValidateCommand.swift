import FoundationEssentials
import MusterAPI
import MusterCore

extension Command {
    /// `muster launch-config validate`: holds launch configs against their providers.
    static let validateLaunchConfig = Command(
        "validate", "hold launch configs against their providers, without launching",
        discussion: """
            Takes a file or folder of pool definitions, which need not be applied, or the name of a pool that is \
            defined. What can be seen on paper is looked at first; then the provider is asked whether images, networks, \
            machine types and whatever else is named are there. The exit code is 1 when something is bad.
            """,
        operands: [Operand("POOL-OR-FILE", "a file or folder of definitions, or a worker pool, owner/name")],
        examples: [
            Example("muster launch-config validate pools/build.yaml", "before it is applied"),
            Example(
                "muster launch-config validate demo/build", "whether what is defined could be launched now"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let question = try ValidationQuestion(arguments.required("POOL-OR-FILE"))
        let answer = try await ServiceClient.with(setup, ifAbsent: .borrow) {
            try await $0.post(
                APIPath.validateLaunchConfigs, question.document, ValidateAnswer.self,
                within: ClientPolicy.upkeepTimeout)
        }
        try setup.answer(answer) {
            for (place, config) in answer.launchConfigs.enumerated() {
                if place > 0 { try setup.output.print("") }
                try setup.output.print(
                    StyledText("\(config.workerPoolId)/\(config.launchConfigId)", .strong)
                        + "  \(config.providerId)")
                try setup.output.print(FindingText.lines(config.findings))
            }
            if answer.launchConfigs.isEmpty { try setup.output.print("there is no launch config") }
        }
        return answer.launchConfigs.contains { $0.findings.contains(where: \.isBad) } ? .failed : .done
    }
}

/// What is to be validated.
private struct ValidationQuestion {
    /// The body of the call.
    let document: Document

    /// What is a file or a folder is read, and whatever else must be the name of a pool.
    init(_ text: String) throws {
        if FileManager.default.fileExists(atPath: text) {
            document = .object(["workerPools": Document(.array(try PoolFiles.read(text)))])
            return
        }
        guard PoolID.accepts(text) else {
            throw Problem(.usage, "there is no file or folder \(text), and it is not a worker pool id")
        }
        document = .object(["workerPoolId": .string(text)])
    }
}
