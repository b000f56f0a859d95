import MusterAPI
import MusterCore

/// What became of providers' calls, for a person.
enum ProviderCalls {
    /// A row for each kind of call.
    static func table(_ providers: [ProviderDocument]) -> Table {
        var table = Table([
            .text("PROVIDER"), .text("REGION"), .text("CALL"), .number("CALLS"), .number("FAILED"),
            .number("THROTTLED"), .number("RETRIES"), .number("WAITING"), .number("TOKENS"), .text("LEFT"),
        ])
        for provider in providers {
            for call in provider.calls {
                table.add([
                    StyledText(provider.providerId.rawValue, .strong), StyledText(call.region),
                    StyledText(call.name), "\(call.calls)", "\(call.failures.values.reduce(0, +))",
                    "\(call.throttled)", "\(call.retries)", "\(call.waiting)",
                    StyledText(call.tokens.map { "\(whole($0))" } ?? "-"), StyledText(left(call)),
                ])
            }
        }
        return table
    }

    private static func left(_ call: CallDocument) -> String {
        var words = call.remaining.sorted { $0.key < $1.key }.map { "\($0.key) \(whole($0.value))" }
        if call.pauseSeconds > 0 {
            words.insert("held for \(whole(call.pauseSeconds.rounded(.up))) s", at: 0)
        }
        return words.joined(separator: ", ")
    }

    /// A number from outside, which need not fit.
    private static func whole(_ number: Double) -> Int64 { Int64(exactly: number.rounded(.down)) ?? .max }
}
