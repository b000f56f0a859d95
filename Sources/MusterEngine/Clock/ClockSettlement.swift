import MusterCore
import MusterRuntime
import MusterStore

/// Writes down what it means that the clock was set, once for each time, however many processes notice it.
actor ClockSettlement {
    private nonisolated let watch: ClockWatch
    private let tolerance: Duration
    private let process: String
    private let steps: DurableSteps
    private let log: Log
    private var running: Task<Void, any Error>?

    init(_ watch: ClockWatch, tolerance: Duration, by process: String, steps: DurableSteps, log: Log) {
        self.watch = watch
        self.tolerance = tolerance
        self.process = process
        self.steps = steps
        self.log = log
    }

    /// The moment it is, to judge by it whose time has passed.
    ///
    /// If the clock was set, what still runs has been moved along with it when this returns.
    nonisolated func moment() async throws -> Timestamp {
        while true {
            if case .steady(let now) = watch.look() { return now }
            try await settle()
            try Task.checkCancellation()
        }
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
        let (process, tolerance) = (process, tolerance)
        let claims = try await steps.write(in: .store, reaching: { $0 == nil ? nil : .clockSet }) {
            transaction -> Int? in
            let known = try await ClockJump.all(in: transaction)
            if ClockJump.isSettled(jump, by: known, noticedBy: process, at: now, tolerance: tolerance) {
                return nil
            }
            try await ClockJump.add(jump, by: process, at: now, to: known, in: transaction)
            try await transaction.publish(
                Event(
                    .clockSet, subject: "fleet", poolID: nil, time: now,
                    data: .object(["seconds": Document(.number(seconds))])))
            return try await transaction.moveTimes(by: jump, at: now)
        }
        watch.settle(jump)
        log.warning(
            "the clock was set: what still runs goes on by the new time",
            ["by": "\(seconds) s", "claims": claims.map(String.init) ?? "another process has seen to them"])
    }
}

extension EngineContext {
    /// The moment it is; see `ClockSettlement`.
    func moment() async throws -> Timestamp { try await clockSettlement.moment() }
}
