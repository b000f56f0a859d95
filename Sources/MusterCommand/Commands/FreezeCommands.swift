import MusterAPI

extension Command {
    /// `muster freeze`: stop every launch.
    static let freeze = Command(
        "freeze", "launch nothing for any pool, until unfreeze",
        options: [.value("reason", "TEXT", "why, for whoever wonders")],
        examples: [Example("muster freeze --reason 'cloud incident'", "workers that run go on")]
    ) { arguments in
        let setup = try Setup(arguments)
        let body = ["reason": arguments.string("reason") ?? ""]
        let answer = try await ServiceClient.with(setup) {
            try await $0.post(APIPath.freeze, body, [String: Bool].self)
        }
        try setup.answer(answer) {
            try setup.output.print("frozen: nothing is launched until muster unfreeze")
        }
        return .done
    }

    /// `muster unfreeze`: launch again.
    static let unfreeze = Command(
        "unfreeze", "let launches go on",
        examples: [Example("muster unfreeze", "what is wanted by now is launched at once")]
    ) { arguments in
        let setup = try Setup(arguments)
        let answer = try await ServiceClient.with(setup) {
            try await $0.post(APIPath.unfreeze, [String: String](), [String: Bool].self)
        }
        try setup.answer(answer) { try setup.output.print("launches go on") }
        return .done
    }

    /// `muster version`.
    static let version = Command(
        "version", "show the version of this program",
        examples: [Example("muster version --json", "for programs")]
    ) { arguments in
        let setup = try Setup(arguments)
        try setup.answer(["version": Version.text]) { try setup.output.print("muster \(Version.text)") }
        return .done
    }
}
