/// One way in which slots of a limit are measured; its figures' names come from it.
struct LimitsCase: Hashable, Sendable {
    let engine: BenchEngine
    /// How many clients take and give back at once.
    let clients: Int

    /// Slots taken and slots given back, together, a second.
    var operations: FigureName { name("operations", in: .perSecond) }
    /// The same to the counter's, measured right before.
    var ratio: FigureName { name("operations-to-counter", in: .times) }
    /// From the question for a slot to the slot, in the middle.
    var usualTime: FigureName { name("acquire-p50", in: .milliseconds) }
    /// The same of the slowest of a hundred.
    var longTime: FigureName { name("acquire-p99", in: .milliseconds) }

    private func name(_ what: String, in unit: FigureName.Unit) -> FigureName {
        FigureName("limits.\(engine.rawValue).\(clients)-clients.\(what)", in: unit)
    }
}

extension FigureName {
    /// Steps of a limit that is a number in a row.
    static func counter(_ engine: BenchEngine) -> FigureName {
        FigureName("limits.\(engine.rawValue).counter", in: .perSecond)
    }

    /// From a release to the answer of whoever waits next.
    static func handOver(_ engine: BenchEngine) -> FigureName {
        FigureName("limits.\(engine.rawValue).hand-over", in: .milliseconds)
    }

    /// All of this benchmark's, in the order in which it gives them.
    static func limits(_ wanted: Wanted) -> [FigureName] {
        wanted.engines.flatMap { engine in
            [counter(engine)]
                + BenchPolicy.limitClients.flatMap { clients in
                    let names = LimitsCase(engine: engine, clients: clients)
                    return [names.operations, names.ratio, names.usualTime, names.longTime]
                } + [handOver(engine)]
        }
    }
}
