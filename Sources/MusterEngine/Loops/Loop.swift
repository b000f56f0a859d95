public import MusterCore
import MusterRuntime

/// Something that runs again and again until it is cancelled: when it is woken, and when its time has come.
///
/// An error never ends it: it is logged, noted in the status, and tried again after a delay that grows.
final class Loop: Sendable {
    /// The name for logs and statuses, such as `pass:owner/name`.
    let name: String
    private let interval: Duration
    private let gap: Duration
    private let context: EngineContext
    private let signal = WakeSignal()
    private let state: Locked<LoopStatus>
    private let body: @Sendable () async throws -> Timestamp?

    /// Makes a loop.
    ///
    /// - Parameters:
    ///   - interval: the longest time between two runs.
    ///   - gap: the shortest.
    ///   - body: one run; gives the moment when the next is due, if that is before the interval's end.
    init(
        _ name: String, every interval: Duration, gap: Duration, in context: EngineContext,
        _ body: @escaping @Sendable () async throws -> Timestamp?
    ) {
        self.name = name
        self.interval = interval
        self.gap = gap
        self.context = context
        self.body = body
        state = Locked(LoopStatus(name: name))
    }

    /// Lets it run soon.
    func wake() { signal.wake() }

    /// What it last did, and when.
    var status: LoopStatus { state.withLock { $0 } }

    /// Runs until the task is cancelled.
    func run() async {
        var failures = 0
        while !Task.isCancelled {
            var pause = interval
            let began = context.clock.uptime()
            let started = context.clock.now()
            let run = state.withLock { state in
                state.begin(at: started)
                return state.runs
            }
            do {
                let next = try await Log.within("pass", "\(name)#\(run)") { try await body() }
                failures = 0
                let now = context.clock.now()
                state.withLock { $0.succeed(at: now) }
                if let next { pause = min(interval, max(.zero, next - now)) }
            } catch let elsewhere as HeldElsewhere {
                failures = 0
                let now = context.clock.now()
                state.withLock { $0.succeed(at: now, leavingItTo: elsewhere.holder) }
                pause = min(interval, max(.zero, elsewhere.until - now))
            } catch  where Task.isCancelled {
                break
            } catch {
                failures += 1
                pause = context.delay(afterFailures: failures)
                context.log.error(
                    "a loop failed",
                    ["pass": "\(name)#\(run)", "error": "\(error)", "again in": "\(pause)"])
                let now = context.clock.now()
                state.withLock { $0.fail("\(error)", at: now) }
                // A wake must not make a failing loop spin.
                try? await context.clock.sleep(for: pause)
                continue
            }
            await signal.wait(for: pause, clock: context.clock)
            let rest = gap - (context.clock.uptime() - began)
            if rest > .zero { try? await context.clock.sleep(for: rest) }
        }
    }
}

/// What a loop last did, and when.
public struct LoopStatus: Codable, Sendable {
    /// Which loop.
    public let name: String
    /// How often it has run.
    public private(set) var runs = 0
    /// When it last began.
    public private(set) var begunAt: Timestamp?
    /// When it last came to its end without an error.
    public private(set) var succeededAt: Timestamp?
    /// When it last failed.
    public private(set) var failedAt: Timestamp?
    /// What its last error was, until it succeeds.
    public private(set) var error: String?
    /// Which process does it instead, as it found when it last ran.
    public private(set) var heldBy: String?

    init(name: String) { self.name = name }

    mutating func begin(at now: Timestamp) {
        runs += 1
        begunAt = now
    }

    mutating func succeed(at now: Timestamp, leavingItTo holder: String? = nil) {
        succeededAt = now
        error = nil
        heldBy = holder
    }

    mutating func fail(_ error: String, at now: Timestamp) {
        failedAt = now
        self.error = error
    }
}
