import MusterRuntime

/// Keeps the figures by host: written by the loop, read by anybody.
final class HostLedger: Sendable {
    private let figures = Locked<[String: HostFigures]>([:])

    /// Counts something of a host. Those that come when there are too many are counted together.
    func count(_ host: String, _ body: (inout HostFigures) -> Void) {
        figures.withLock { figures in
            let isKnown = figures[host] != nil || figures.count < HTTPPolicy.hosts
            let name = isKnown ? host : Self.others
            body(&figures[name, default: HostFigures(host: name)])
        }
    }

    /// All there are, by name.
    var all: [HostFigures] { figures.withLock { Array($0.values) }.sorted { $0.host < $1.host } }

    private static let others = "others"
}
