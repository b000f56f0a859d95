import MusterCore
import MusterRuntime
import MusterStore

/// Writes down what it means that the machine's clock was set, once for each time.
actor ClockSettlement {
    private let watch: ClockWatch
    private let steps: DurableSteps
    private let log: Log
    private var running: Task<Void, any Error>?

    init(_ watch: ClockWatch, steps: DurableSteps, log: Log) {
        self.watch = watch
        self.steps = steps
        self.log = log
    }

    /// Sees to it that nothing is left to write; whoever comes meanwhile waits for the same.
    func settle() async throws {
        if let running { return try await running.value }
        let task = Task { try await self.write() }
        running = task
        defer { running = nil }
        try await task.value
    }

    private func write() async throws {
        guard case .set(let jump, let now) = watch.look() else { return }
        let seconds = jump.inSeconds
        let claims = try await steps.write(in: .store, reaching: { _ in .clockSet }) { transaction in
            try await transaction.publish(
                Event(
                    .clockSet, subject: "fleet", poolID: nil, time: now,
                    data: .object(["seconds": Document(.number(seconds))])))
            return try await transaction.moveTimes(by: jump, at: now)
        }
        watch.settle(jump)
        log.warning(
            "the machine's clock was set: what still runs goes on by the new time",
            ["by": "\(seconds) s", "claims": "\(claims)"])
    }
}

extension EngineContext {
    /// The moment it is, to judge by it whose time has passed.
    ///
    /// If the clock was set, what still runs has been moved along with it when this returns.
    func moment() async throws -> Timestamp {
        while true {
            if case .steady(let now) = clockWatch.look() { return now }
            try await clockSettlement.settle()
            try Task.checkCancellation()
        }
    }
}
