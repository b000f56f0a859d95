import MusterCore

extension Command {
    /// `muster completion`: what a shell needs to complete the command line.
    static let completion: Command = Command(
        "completion", "write what a shell needs to complete muster's commands",
        discussion: """
            Commands, options and their choices are completed from what this program knows; run it again after \
            an upgrade. Nothing is asked of the service meanwhile.
            """,
        operands: [Operand("SHELL", "bash, zsh or fish", choices: Shell.allCases.map(\.rawValue))],
        examples: [
            Example("source <(muster completion bash)", "for this bash; in ~/.bashrc for all"),
            Example("muster completion zsh > ~/.zfunc/_muster", "with ~/.zfunc in fpath before compinit"),
            Example("muster completion fish > ~/.config/fish/completions/muster.fish", "for every fish"),
        ]
    ) { arguments in
        guard let shell = try arguments.choice("SHELL", Shell.self) else {
            throw Problem(.usage, "SHELL is missing")
        }
        let terminal = Setup.standardOutput
        try terminal.output.write(shell.script(CompletionTable(.root)))
        return .done
    }
}

/// The shells that can be completed in.
enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish

    /// The script that makes the shell complete.
    func script(_ table: CompletionTable) -> String {
        switch self {
        case .bash: BashCompletion(table).script
        case .zsh: ZshCompletion(table).script
        case .fish: FishCompletion(table).script
        }
    }
}
