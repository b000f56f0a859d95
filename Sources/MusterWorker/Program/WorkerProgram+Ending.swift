import MusterAPI
import MusterCore
import MusterRuntime

extension WorkerProgram {
    /// Asks now and then whether to end, when no claim has told it lately: a full worker does not claim.
    func heedAdvice() async {
        while stage == .working {
            guard (try? await clock.sleep(for: WorkerPolicy.terminationInterval)) != nil else { return }
            guard clock.now() - lastAdvice >= WorkerPolicy.terminationInterval else { continue }
            do throws(ServiceFailure) {
                heed(try await connection.shouldTerminate())
            } catch {
                log.debug("advice to end not had", ["why": error.problem.description])
            }
        }
    }

    /// Takes what the service said of ending. What runs may finish: the work is wanted, the worker is not.
    func heed(_ advice: ShouldTerminateResponse) {
        lastAdvice = clock.now()
        guard advice.terminate else { return }
        stopClaiming(.finishing, because: advice.reason)
    }

    /// A signal to end. The first one gives what runs a while to finish, the second one ends it at once.
    func terminateSignalled() async {
        guard stage < .draining else { return await giveBackAll(atOnce: true) }
        stopClaiming(.draining, because: "signal")
        drainTimer = Task {
            guard (try? await clock.sleep(for: configuration.drainTime)) != nil else { return }
            await giveBackAll(atOnce: false)
        }
    }

    /// Whoever runs the worker wants it gone.
    func cancelled() async {
        stopClaiming(.givingBack, because: "cancelled")
        await giveBackAll(atOnce: true)
    }

    /// The worker cannot go on; what runs goes on while its claims last.
    func fail(_ problem: Problem) {
        failure = failure ?? problem
        stopClaiming(.finishing, because: problem.message)
    }

    private func stopClaiming(_ stage: Stage, because reason: String) {
        guard self.stage < stage else { return }
        if self.stage == .working { endReason = reason }
        self.stage = stage
        log.info("claiming no more", ["why": reason, "running": String(executions.count)])
        interrupt()
    }

    private func giveBackAll(atOnce: Bool) async {
        stage = .givingBack
        interrupt()
        log.info("giving back", ["running": String(executions.count), "at once": String(atOnce)])
        for execution in executions.values { await execution.giveBack(atOnce: atOnce) }
    }
}
