import MusterAPI
import MusterCore
import MusterRuntime

extension RunExecution {
    /// Renews the claim until the task is cancelled or the claim is lost.
    func keepClaim() async {
        var failures = 0
        while true {
            let left = takenUntil - surroundings.clock.now()
            let wait: Duration
            if failures == 0 {
                wait = RenewalTime.wait(for: left, chance: surroundings.chance)
            } else {
                let backoff = WorkerPolicy.renewalBackoff.wait(
                    afterFailures: failures, chance: surroundings.chance)
                // Beyond its end, a claim lasts only because the service cannot take it away.
                wait = left > .zero ? min(backoff, left) : backoff
            }
            guard (try? await surroundings.clock.sleep(for: wait)) != nil else { return }
            do throws(ServiceFailure) {
                takenUntil = try await surroundings.connection.renew(run, within: timeForRenewal())
                failures = 0
            } catch {
                guard !Task.isCancelled else { return }
                failures += 1
                if isLost(after: error) {
                    log.warning("claim lost", ["why": error.problem.description])
                    return claimLost()
                }
                log.debug("claim not renewed", ["why": error.problem.description])
            }
        }
    }

    /// A call that is still open when the claim ends would keep the command running beside its successor.
    private func timeForRenewal() -> Duration {
        min(
            WorkerPolicy.callTimeout,
            max(WorkerPolicy.shortestCall, takenUntil - surroundings.clock.now()))
    }

    /// When nobody answers, the claim is kept to its end and not beyond: another worker may run it then. A
    /// service that cannot write gives it to nobody else.
    private func isLost(after failure: ServiceFailure) -> Bool {
        if case .claimLost = failure { return true }
        if failure.saysThatNothingIsWritten { return false }
        return surroundings.clock.now() >= takenUntil
    }

    /// Reports until the service has answered, or patience ends.
    func deliver(_ ending: TaskRun.Ending, output: OutputFile) async {
        let tail = if let message = ending.message { message } else { await output.tail() }
        let report = RunReport(
            resolution: ending.resolution, reason: ending.reason, exitCode: ending.exitCode, tail: tail,
            output: output.path)
        let clock = surroundings.clock
        reportDeadline = reportDeadline ?? clock.now() + WorkerPolicy.reportPatience
        var failures = 0
        while true {
            do throws(ServiceFailure) {
                try await surroundings.connection.report(run, report)
                return machine.reportAccepted()
            } catch {
                failures += 1
                // An outcome is kept for as long as the service says that it cannot write it down.
                if error.saysThatNothingIsWritten, !isEnding {
                    reportDeadline = clock.now() + WorkerPolicy.reportPatience
                }
                guard case .noAnswer(let problem, let retryAfter) = error, let deadline = reportDeadline,
                    clock.now() < deadline
                else {
                    log.warning("run not reported", ["why": error.problem.description])
                    return machine.reportFailed()
                }
                log.debug("report not answered", ["why": problem.description])
                let wait = WorkerPolicy.reportBackoff.wait(
                    afterFailures: failures, retryAfter: retryAfter, chance: surroundings.chance)
                await restBeforeReporting(min(wait, max(deadline - clock.now(), .zero)))
            }
        }
    }
}
