public import MusterCore
import MusterRuntime
import MusterStore

extension Control {
    /// Takes a worker out of service: it finishes what it has and takes no more, or its instance is ended at
    /// once, and then what it has runs again elsewhere as soon as the instance is gone.
    ///
    /// One that is on its way out already, or gone, stays as it is; that is no error.
    /// - Throws: `Problem` `worker-not-found`.
    public func retire(_ key: WorkerKey, atOnce: Bool, by actor: String) async throws {
        let now = context.clock.now()
        try await context.write(in: .pool(key.poolID), reaching: .workerRetired) { transaction in
            guard let old = try await transaction.worker(key) else { throw Problem.noWorker(key) }
            var worker = old
            let effect =
                atOnce
                ? worker.retire(because: StopReason.retired, at: now)
                : worker.drain(because: StopReason.retired)
            guard case .became(let type) = effect else { return }
            try await transaction.save(worker, was: old, lookAt: now)
            try await transaction.publish(worker.event(type, at: now))
            try await transaction.audit(
                actor: actor, action: "retire", subject: "worker/\(key)",
                detail: .object(["atOnce": Document(.boolean(atOnce))]), at: now)
        }
    }
}

extension Problem {
    /// There is no such worker.
    public static func noWorker(_ key: WorkerKey) -> Problem {
        Problem(.workerNotFound, "there is no worker \(key)", field: "workerId")
    }
}
