import MusterCore
import MusterEngine
import MusterStore

/// What a person sees while the demo runs.
struct DemoView {
    private let live: LiveView
    private let started: Timestamp
    private var lastNote = ""
    private var position: Int64 = 0
    private var recent: [OutboxEntry] = []

    init(_ terminal: Terminal, started: Timestamp) {
        live = LiveView(terminal)
        self.started = started
    }

    /// Shows how things stand: a block on a terminal, a line in a pipe when something has changed.
    mutating func update(_ parts: ServiceParts, done: Int, of total: Int) async throws {
        let views = try await parts.engine.views()
        let after = position
        let entries = try await parts.store.readOutbox { try await $0.events(after: after, limit: 1_000) }
        position = entries.last?.position ?? position
        recent = (recent + entries.filter { Self.isNews($0.event.type) }).suffix(6)
        let elapsed = parts.engine.now - started
        try live.show(block(views, elapsed, done, total))
        let note = views.map(line).joined(separator: "   ") + "   done \(done)/\(total)"
        if note != lastNote { try live.note(StyledText("\(seconds(elapsed))  \(note)")) }
        lastNote = note
    }

    /// Says something once, as a line in a pipe.
    func say(_ text: String, at now: Timestamp) throws {
        try live.note(StyledText("\(seconds(now - started))  \(text)"))
    }

    /// Leaves the last block standing.
    func finish() throws { try live.finish() }

    private func block(_ views: [PoolView], _ elapsed: Duration, _ done: Int, _ total: Int) -> [StyledText] {
        var lines = [
            StyledText("muster demo", .strong)
                + StyledText("  \(seconds(elapsed))   \(bar(done, total)) \(done) of \(total) tasks done"),
            "",
        ]
        var pools = Table(
            [.text("POOL"), .number("PENDING"), .number("CLAIMED")]
                + [Bucket.requested, .running, .draining, .stopping, .stopped].map {
                    .number($0.rawValue.uppercased())
                })
        var configs = Table([.text("LAUNCH CONFIG"), .number("WEIGHT"), .number("ERROR RATIO"), .text("")])
        for view in views {
            let claimed = Bucket.allCases.map { view.total[$0].claimed }.reduce(0, +)
            pools.add(
                [
                    StyledText(view.pool.id.rawValue), StyledText(view.pending.map(String.init) ?? "?"),
                    "\(claimed)",
                ]
                    + [Bucket.requested, .running, .draining, .stopping, .stopped].map {
                        "\(view.total[$0].capacity)"
                    })
            for config in view.launchConfigs {
                guard let weight = view.weights[config.id] else { continue }
                configs.add([
                    StyledText("\(view.pool.id) \(config.id)"), StyledText(fraction(weight.weight)),
                    StyledText(fraction(weight.errorRatio), weight.errorRatio > 0.3 ? .bad : .plain),
                    StyledText(
                        bar(Int((weight.weight * 100).rounded()), 100), weight.errorRatio > 0.3 ? .bad : .good
                    ),
                ])
            }
        }
        lines +=
            pools.lines(columns: nil) + [""] + configs.lines(columns: nil) + [
                "", StyledText("LAST EVENTS", .strong),
            ]
        lines += recent.map { entry in
            StyledText("\(seconds(entry.event.time - started))  ", .faint)
                + StyledText(
                    "\(entry.event.type.rawValue.dropFirst("dev.muster.".count))  \(entry.event.subject)")
        }
        return lines
    }

    private func line(_ view: PoolView) -> String {
        let total = view.total
        return
            "\(view.pool.id.name): pending \(view.pending.map(String.init) ?? "?") requested \(total[.requested].capacity) "
            + "running \(total[.running].capacity)"
    }

    /// Submissions, claims and completions come by the dozen and would hide the rest.
    private static func isNews(_ type: EventType) -> Bool {
        ![EventType.taskSubmitted, .taskClaimed, .taskCompleted].contains(type)
    }

    private func bar(_ part: Int, _ whole: Int) -> String {
        let width = 20
        let full = whole == 0 ? 0 : part * width / whole
        return String(repeating: "█", count: full) + String(repeating: "·", count: width - full)
    }

    private func seconds(_ duration: Duration) -> String {
        let tenths = max(0, duration.milliseconds / 100)
        let text = "\(tenths / 10).\(tenths % 10) s"
        return String(repeating: " ", count: max(0, 6 - text.count)) + text
    }
}
