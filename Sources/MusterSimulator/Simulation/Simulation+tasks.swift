import MusterCore

extension Simulation {
    /// A task comes; a worker with room claims it at once.
    mutating func arrive(_ task: Int) {
        policy.observe(.arrived, now: timestamp)
        noteProgress()
        wait(task)
        change()
    }

    /// A run is over, unless it was lost with its worker.
    mutating func finish(_ task: Int, run: Int, on worker: Int) {
        guard tasks[task].lostRuns == run else { return }
        tasks[task].ends += 1
        noteProgress(ended: true)
        fleet.end(task, on: worker, at: now)
        policy.observe(
            .finished(after: .milliseconds(setup.trace.tasks[task].duration)), now: timestamp)
        if fleet.workers[worker].tasks.isEmpty, policy.ends(worker) { retire(worker) } else { serve(worker) }
        change()
    }

    /// Tasks whose worker is gone wait again.
    mutating func runAgain(_ lost: [Int]) {
        for task in lost {
            tasks[task].lostRuns += 1
            wait(task)
        }
    }

    private mutating func wait(_ task: Int) {
        let entry = setup.trace.tasks[task]
        tasks[task].pendingSince = now
        queue.add(task, of: entry.tenant, entry.priority)
        while queue.count > 0, let worker = fleet.takeFree(policy.dispatch, using: &dispatchChance) {
            beginNext(on: worker)
        }
    }

    /// A worker that has room takes what waits. Nobody else has room while something waits.
    mutating func serve(_ worker: Int) {
        guard !fleet.workers[worker].isReclaimed else { return }
        while queue.count > 0, fleet.workers[worker].tasks.count < fleet.workers[worker].capacity {
            beginNext(on: worker)
        }
        guard let since = fleet.workers[worker].idleSince, let end = policy.idleEnd else { return }
        events.add(.idledOut(worker: worker, since: since), at: now + end.milliseconds)
    }

    private mutating func beginNext(on worker: Int) {
        guard let task = queue.next() else { return }
        noteProgress()
        tasks[task].waited += now - tasks[task].pendingSince
        fleet.begin(task, on: worker)
        events.add(
            .finished(task: task, run: tasks[task].lostRuns, worker: worker),
            at: now + setup.trace.tasks[task].duration)
    }
}
