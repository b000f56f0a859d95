import MusterCore

extension Benchmark {
    /// How many tasks a second workers that wait get and finish.
    static let claims = Benchmark(
        name: "claims", summary: "claim and finish tasks of many tenants, beside single-row claims",
        figures: { FigureName.claims($0) }
    ) { surroundings in
        var figures = Figures()
        for engine in surroundings.wanted.engines {
            let ground = try await ClaimsGround.make(on: engine, surroundings)
            for repetition in 1...BenchPolicy.claimRepetitions {
                surroundings.say(
                    "claims: \(engine.rawValue), repetition \(repetition) of \(BenchPolicy.claimRepetitions)")
                for tenants in BenchPolicy.tenants { try await ground.measure(tenants, &figures) }
                try await ground.measureLongQueue(&figures)
            }
            try await ground.close()
        }
        return figures.named(FigureName.claims(surroundings.wanted))
    }
}

extension ClaimsGround {
    /// Measures the queue with so many tenants, and the baselines right before, since a disk and processors that
    /// others use change their minds within seconds.
    fileprivate func measure(_ tenants: Int, _ figures: inout Figures) async throws {
        guard let queue = queues[tenants] else { return }
        for waiting in BenchPolicy.waitingWorkers {
            let names = ClaimsCase(engine: engine, tenants: tenants, waiting: waiting)
            let plain = try await singleRow.rate(of: BenchPolicy.singleRowClaims(on: engine))
            figures.add(plain, to: .singleRow(engine))
            let claims = try await queue.claimRate(waiting: waiting)
            figures.add(claims, to: names.claims)
            figures.add(claims / plain, to: names.claimsRatio)
            let cycles = try await queue.cycleRate(waiting: waiting)
            figures.add(cycles, to: names.cycles)
            figures.add(cycles / plain, to: names.cyclesRatio)
            guard let window = windows[tenants], names == .busiest(on: engine, tenants: tenants) else {
                continue
            }
            let time = try await window.time(of: BenchPolicy.windowClaims)
            figures.add(time, to: .windowQuery(tenants: tenants))
            figures.add(time * claims / 1_000, to: .windowToClaim(tenants: tenants))
        }
    }

    /// Measures the long queue beside the usual one with as many tenants.
    fileprivate func measureLongQueue(_ figures: inout Figures) async throws {
        guard let longQueue, let usual = queues[BenchPolicy.longQueueTenants] else { return }
        let waiting = BenchPolicy.waitingWorkers.max() ?? 1
        let usualRate = try await usual.cycleRate(waiting: waiting)
        let rate = try await longQueue.cycleRate(waiting: waiting)
        figures.add(rate, to: .longQueue(engine))
        figures.add(usualRate / rate, to: .longQueueTime(engine))
    }
}
