/// One way in which claims are measured; its figures' names come from it.
struct ClaimsCase: Hashable, Sendable {
    let engine: BenchEngine
    /// Whose tasks wait, as many of each.
    let tenants: Int
    /// How many workers ask at once.
    let waiting: Int

    /// Tasks claimed a second.
    var claims: FigureName { name("claim", in: .perSecond) }
    /// Tasks claimed and finished a second.
    var cycles: FigureName { name("claim-and-finish", in: .perSecond) }
    /// Claims to the single-row claims measured right before.
    var claimsRatio: FigureName { name("claim-to-single-row", in: .times) }
    /// Claims with their finishes to the single-row claims measured right before, which finish nothing.
    var cyclesRatio: FigureName { name("claim-and-finish-to-single-row", in: .times) }

    private func name(_ what: String, in unit: FigureName.Unit) -> FigureName {
        FigureName("claims.\(engine.rawValue).\(tenants)-tenants.\(waiting)-waiting.\(what)", in: unit)
    }

    /// All that are measured on an engine, those of one queue together.
    static func all(on engine: BenchEngine) -> [ClaimsCase] {
        BenchPolicy.tenants.flatMap { tenants in
            BenchPolicy.waitingWorkers.map { ClaimsCase(engine: engine, tenants: tenants, waiting: $0) }
        }
    }

    /// The one with the most workers.
    static func busiest(on engine: BenchEngine, tenants: Int) -> ClaimsCase {
        ClaimsCase(engine: engine, tenants: tenants, waiting: BenchPolicy.waitingWorkers.max() ?? 1)
    }
}

extension FigureName {
    /// Single claims without anything around them, a transaction each.
    static func singleRow(_ engine: BenchEngine) -> FigureName {
        FigureName("claims.\(engine.rawValue).single-row", in: .perSecond)
    }

    /// One claim by a query that ranks the whole queue.
    static func windowQuery(tenants: Int) -> FigureName {
        FigureName("claims.postgres.\(tenants)-tenants.window-query", in: .milliseconds)
    }

    /// Its time to that of a claim with the most workers waiting.
    static func windowToClaim(tenants: Int) -> FigureName {
        FigureName("claims.postgres.\(tenants)-tenants.window-query-to-claim", in: .times)
    }

    /// Claims and finishes of the queue that `--tasks` makes, the most workers waiting.
    static func longQueue(_ engine: BenchEngine) -> FigureName {
        FigureName("claims.\(engine.rawValue).long-queue.claim-and-finish", in: .perSecond)
    }

    /// Their time to that in the usual queue, measured right before.
    static func longQueueTime(_ engine: BenchEngine) -> FigureName {
        FigureName("claims.\(engine.rawValue).long-queue.time-to-usual", in: .times)
    }

    /// All of this benchmark's, in the order in which it gives them.
    static func claims(_ wanted: Wanted) -> [FigureName] {
        wanted.engines.flatMap { engine in
            var names = [singleRow(engine)]
            for measured in ClaimsCase.all(on: engine) {
                names += [measured.claims, measured.cycles, measured.claimsRatio, measured.cyclesRatio]
            }
            if engine == .postgres {
                for tenants in BenchPolicy.tenants {
                    names += [windowQuery(tenants: tenants), windowToClaim(tenants: tenants)]
                }
            }
            return names + (wanted.longQueue != nil ? [longQueue(engine), longQueueTime(engine)] : [])
        }
    }
}
