import MusterCore
import MusterRuntime

/// What is read by one call for all who ask at a time.
final class SharedReading<Value: Sendable>: Sendable {
    /// Reads anew.
    typealias Read = @Sendable () async throws(CloudError) -> Value

    private typealias Answer = Result<Value, CloudError>

    private struct Flight {
        let id: Int
        let answer: Task<Answer, Never>
    }

    private struct State {
        var last: (value: Value, begunAt: Duration)?
        var flights = 0
        var flight: Flight?
    }

    private let clock: any WallClock
    private let age: Duration
    private let read: Read
    private let state = Locked(State())

    /// - Parameter age: how old a value may be that `recent` gives.
    init(clock: any WallClock, age: Duration, read: @escaping Read) {
        self.clock = clock
        self.age = age
        self.read = read
    }

    /// What a reading gives that begins now.
    func fresh() async throws(CloudError) -> Value { try await begin().value.get() }

    /// What was read a moment ago, or is being read.
    func recent() async throws(CloudError) -> Value {
        let now = clock.uptime()
        let (known, flight) = state.withLock { state in
            (state.last.flatMap { now - $0.begunAt <= age ? $0.value : nil }, state.flight?.answer)
        }
        if let known { return known }
        return try await (flight ?? begin()).value.get()
    }

    /// What was read last, however long ago that was.
    var last: Value? { state.withLock { $0.last?.value } }

    /// Begins in a task of its own, since those who wait for it may give up.
    private func begin() -> Task<Answer, Never> {
        let begunAt = clock.uptime()
        return state.withLock { state in
            state.flights += 1
            let id = state.flights
            let flight = Task { [self] () -> Answer in
                let answer = await answer()
                end(id, answer, begunAt: begunAt)
                return answer
            }
            state.flight = Flight(id: id, answer: flight)
            return flight
        }
    }

    private func end(_ id: Int, _ answer: Answer, begunAt: Duration) {
        state.withLock { state in
            if state.flight?.id == id { state.flight = nil }
            guard case .success(let value) = answer else { return }
            // One that began later knows more.
            if state.last.map({ $0.begunAt <= begunAt }) ?? true { state.last = (value, begunAt) }
        }
    }

    private func answer() async -> Answer {
        do throws(CloudError) {
            return .success(try await read())
        } catch {
            return .failure(error)
        }
    }
}
