import MusterAPI
import MusterCore

extension Command {
    /// `muster provider`: look at the providers and try whether they work.
    static let provider = Command(
        "provider", "look at the providers of muster.yaml and try whether they work",
        examples: [
            Example("muster provider list", "what can run workers"),
            Example("muster provider check", "whether it can do so now"),
        ],
        subcommands: [
            Command(
                "list", "list the providers that muster.yaml enables",
                examples: [Example("muster provider list", "what can run workers, and of which pools")]
            ) { arguments in
                let setup = try Setup(arguments)
                let answer = try await ServiceClient.with(setup, ifAbsent: .borrow) {
                    try await $0.get(APIPath.providers, ProvidersAnswer.self)
                }
                try setup.answer(answer) { try setup.output.print(table(of: answer.providers)) }
                return .done
            },
            Command(
                "check", "try what providers need to work: credentials, permissions, quotas, the clock",
                discussion: """
                    Nothing is launched or changed. Each finding is good, warning, bad or skipped, and says what to do \
                    where something has to be done. The exit code is 1 when something is bad.

                    A service that runs is asked, since it has the environment that matters; without one this program \
                    looks itself.
                    """,
                operands: [Operand("PROVIDER", "the provider's id; all without it", .optional)],
                examples: [
                    Example("muster provider check", "tries every provider"),
                    Example("muster provider check aws", "tries one"),
                ]
            ) { arguments in
                let setup = try Setup(arguments)
                let named =
                    arguments.string("PROVIDER") == nil
                    ? nil : try arguments.operand("PROVIDER", ProviderID.self)
                let checks = try await ServiceClient.with(setup, ifAbsent: .borrow) { client in
                    try await examine(named, by: client)
                }
                let answer = ChecksAnswer(providers: checks)
                try setup.answer(answer) {
                    for (place, check) in checks.enumerated() {
                        if place > 0 { try setup.output.print("") }
                        try setup.output.print(StyledText("\(check.providerId)", .strong) + "  \(check.kind)")
                        try setup.output.print(FindingText.lines(check.findings))
                    }
                    if checks.isEmpty { try setup.output.print("muster.yaml enables no provider") }
                }
                return checks.contains { $0.findings.contains(where: \.isBad) } ? .failed : .done
            },
            Command(
                "forget", "count all that there is of a provider as gone, when it is out of reach for good",
                discussion: """
                    For a provider whose account was closed or whose resource group was deleted, and for one that was \
                    taken out of muster.yaml. Its workers count as gone, their tasks run again elsewhere, and its \
                    launches are given up. Nothing is ended, since nobody can be asked to: instances that are still \
                    there run on. Refused while the provider is enabled and points to where its instances are.
                    """,
                operands: [Operand("PROVIDER", "the provider's id")],
                examples: [Example("muster provider forget aws-old", "nothing of it is waited for any more")]
            ) { arguments in
                let setup = try Setup(arguments)
                let id = try arguments.operand("PROVIDER", ProviderID.self)
                let answer = try await ServiceClient.with(setup, ifAbsent: .borrow) {
                    try await $0.post(
                        APIPath.forget(id), [String: String](), ForgetProviderAnswer.self,
                        within: ClientPolicy.upkeepTimeout)
                }
                try setup.answer(answer) {
                    try setup.output.print(
                        "\(answer.workers) workers of \(id) count as gone, and \(answer.launches) launches are given up"
                    )
                }
                return .done
            },
        ])

    private static func examine(
        _ named: ProviderID?, by client: ServiceClient
    ) async throws -> [ProviderCheckAnswer] {
        let all = try await client.get(APIPath.providers, ProvidersAnswer.self).providers.map(\.providerId)
        var checks: [ProviderCheckAnswer] = []
        // One after the other: their findings are about calls, and shall not be about each other's.
        for id in named.map({ [$0] }) ?? all {
            checks.append(
                try await client.post(
                    APIPath.check(id), [String: String](), ProviderCheckAnswer.self,
                    within: ClientPolicy.upkeepTimeout))
        }
        return checks
    }

    private static func table(of providers: [ProviderDocument]) -> Table {
        var table = Table([.text("PROVIDER"), .text("KIND"), .number("POOLS"), .text("WORKER POOLS")])
        for provider in providers {
            table.add([
                StyledText(provider.providerId.rawValue, .strong), StyledText(provider.kind),
                "\(provider.workerPools.count)",
                StyledText(provider.workerPools.map(\.rawValue).joined(separator: ", ")),
            ])
        }
        return table
    }
}

/// What `muster provider check` answers.
private struct ChecksAnswer: Encodable {
    let providers: [ProviderCheckAnswer]
}
