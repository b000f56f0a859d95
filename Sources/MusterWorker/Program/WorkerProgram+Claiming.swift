import MusterAPI
import MusterCore
import MusterRuntime

extension WorkerProgram {
    /// Claims tasks and starts them in `runs` until the worker is to end.
    func claimTasks(
        into runs: inout DiscardingTaskGroup, _ surroundings: RunExecution.Surroundings
    ) async {
        while stage == .working {
            guard limit.room(beside: executions.count) > 0 else {
                _ = await rest(for: nil, endsWithRoom: true)
                continue
            }
            await pause()
            await untilDiskTakesMore(surroundings.folder)
            guard stage == .working, limit.room(beside: executions.count) > 0, let claimed = await ask()
            else {
                continue
            }
            for run in claimed.answer.lost { await executions[run]?.claimLost() }
            for execution in hold(claimed, in: surroundings) {
                // A claim that came after the signal: the queue gives it to another worker at once.
                if stage >= .draining { await execution.giveBack(atOnce: stage == .givingBack) }
                runs.addTask { await self.carryOut(execution) }
            }
            heed(claimed.answer.terminate)
        }
    }

    private struct Claimed {
        var answer: ClaimAnswer
        /// How many tasks there was room for when it was asked.
        var asked: Int
    }

    /// Waits before a claim, for as long as the worker is full; shorter when a run ends meanwhile.
    private func pause() async {
        let begin = clock.now()
        while stage == .working {
            let pause = pauseBeforeClaim(running: executions.count, limit: limit)
            let left = pause - max(.zero, clock.now() - begin)
            guard left > .zero, await !rest(for: left, endsWithRoom: true) else { return }
        }
    }

    /// Waits until a run would find room on the disk: a worker that cannot begin runs would else use up the tries
    /// of one task after the other.
    private func untilDiskTakesMore(_ folder: WorkFolder) async {
        let begin = clock.now()
        var failures = 0
        while stage == .working, let obstacle = await folder.obstacle() {
            failures += 1
            log.warning("nothing is claimed: the disk takes no more", ["why": obstacle])
            if executions.isEmpty, clock.now() - begin >= WorkerPolicy.folderPatience {
                return fail(Problem(.unavailable, "The worker's folder cannot be used: \(obstacle)"))
            }
            let wait = WorkerPolicy.claimBackoff.wait(afterFailures: failures, chance: chance)
            _ = await rest(for: wait, endsWithRoom: false)
        }
    }

    /// Asks one question until it is answered, always under the same request id: an answer that was lost may
    /// hold tasks, and comes again only so.
    ///
    /// When the limit changes or the worker is to end, the wait at the service is broken off and the question
    /// asked again with what fits now, perhaps nothing. A worker that ends tries that once.
    private func ask() async -> Claimed? {
        let requestID = chance.word()
        var asked = 0
        var failures = 0
        var failingSince: Timestamp?
        while true {
            let isLast = stage != .working
            let room = isLast ? 0 : limit.room(beside: executions.count)
            asked = max(asked, room)
            let request = ClaimRequest(
                workerGroup: configuration.worker.group, workerId: configuration.worker.id,
                requestId: requestID, tasks: room, holding: executions.keys.sorted(by: Self.isBefore),
                waitSeconds: room > 0 ? WorkerPolicy.claimWait.inSeconds : 0)
            let answer = await interruptible { [connection] () async throws(ServiceFailure) in
                try await connection.claim(request)
            }
            switch answer {
            case .success(let answer): return Claimed(answer: answer, asked: asked)
            case .failure where isLast: return nil
            case .failure where interruption.happened: continue
            case .failure(.noAnswer(let problem, let retryAfter)):
                failures += 1
                let since = failingSince ?? clock.now()
                failingSince = since
                log.warning("claim not answered", ["why": problem.description])
                if executions.isEmpty, clock.now() - since >= WorkerPolicy.contactPatience {
                    fail(Problem(.unavailable, "The service did not answer for long: \(problem.message)"))
                    return nil
                }
                let wait = WorkerPolicy.claimBackoff.wait(
                    afterFailures: failures, retryAfter: retryAfter, chance: chance)
                _ = await rest(for: wait, endsWithRoom: false)
            case .failure(.refused(let problem)), .failure(.claimLost(let problem)):
                // It would not take a question for nothing, so there is nothing in it for this worker.
                if room == 0 { return nil }
                fail(Problem(problem.code, "The service gives this worker no tasks: \(problem.message)"))
                return nil
            }
        }
    }

    /// Notes the runs that are new, as many as there was room for.
    ///
    /// There can be more when a run that this worker gave up is sent again. Those are left out: they are not
    /// named as held in the next claim, so they come once more, with room.
    private func hold(
        _ claimed: Claimed, in surroundings: RunExecution.Surroundings
    ) -> [RunExecution] {
        var new: [RunExecution] = []
        for task in claimed.answer.tasks where executions[task.run] == nil {
            guard new.count < claimed.asked else {
                log.warning("run left for a later claim", ["task": task.taskId.rawValue])
                continue
            }
            let execution = RunExecution(task, in: surroundings)
            executions[task.run] = execution
            new.append(execution)
        }
        return new
    }

    private func carryOut(_ execution: RunExecution) async {
        await execution.carryOut()
        executions[execution.run] = nil
        roomChanged()
    }

    private static func isBefore(_ left: RunReference, _ right: RunReference) -> Bool {
        (left.taskID, left.runID) < (right.taskID, right.runID)
    }
}
