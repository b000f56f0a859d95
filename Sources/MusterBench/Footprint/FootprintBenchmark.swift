import MusterCore
import MusterRuntime
import MusterTesting

extension Benchmark {
    /// What a service costs that has nothing to do.
    static let footprint = Benchmark(
        name: "footprint", summary: "memory, start and wake-ups of muster serve with nothing to do",
        figures: { _ in FigureName.footprint }
    ) { surroundings in
        try surroundings.requireProgram()
        let empty = try ServedProgram(surroundings)
        var commands: [Double] = []
        for _ in 0..<BenchPolicy.starts { commands.append(try await empty.versionCommand()) }
        surroundings.say("footprint: with an empty store")
        let without = try await Idleness.measure(empty)
        surroundings.say("footprint: with \(BenchPolicy.footprintPools) pools")
        let stocked = try ServedProgram(surroundings)
        try await stocked.stock(BenchPolicy.footprintPools, seed: surroundings.seed)
        let with = try await Idleness.measure(stocked)
        return [
            Figure(.commandTime, commands),
            Figure(.start, without.starts), Figure(.memory, [without.memory.resident]),
            Figure(.proportionalMemory, [without.memory.proportional]),
            Figure(.wakeUps, without.wakeUps),
            Figure(.startWithPools, with.starts), Figure(.memoryWithPools, [with.memory.resident]),
            Figure(.proportionalMemoryWithPools, [with.memory.proportional]),
            Figure(.wakeUpsWithPools, with.wakeUps),
        ]
    }
}

/// What a service at rest costs.
private struct Idleness {
    /// Milliseconds until it served.
    var starts: [Double] = []
    /// Its memory when it had settled.
    var memory = ProcessMemory(resident: 0, proportional: 0)
    /// Switches to one of its threads a second.
    var wakeUps: [Double] = []

    /// Starts the service several times, and watches it the last time.
    static func measure(_ program: ServedProgram) async throws -> Idleness {
        var result = Idleness()
        for start in 1...BenchPolicy.starts {
            let service = try await program.serve()
            result.starts.append(service.milliseconds)
            if start == BenchPolicy.starts {
                try await Task.sleep(for: BenchPolicy.settleTime)
                result.wakeUps = try await wakeUps(of: service.child.pid)
                result.memory = try ProcessMemory.read(service.child.pid)
            }
            try await service.stop()
        }
        return result
    }

    private static func wakeUps(of pid: Int32) async throws -> [Double] {
        var rates: [Double] = []
        var before = try ThreadSwitches.read(pid)
        for _ in 0..<BenchPolicy.wakeUpWindows {
            let watch = Stopwatch()
            try await Task.sleep(for: BenchPolicy.wakeUpWindow)
            let after = try ThreadSwitches.read(pid)
            rates.append(Double(after.since(before)) / watch.seconds)
            before = after
        }
        return rates
    }
}
