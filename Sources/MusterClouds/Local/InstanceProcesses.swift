import Glibc
import MusterCore
import MusterRuntime

/// All processes of one instance: its session, and whatever carries its tag.
///
/// The session catches what gave itself another environment, the tag what gave itself another session.
struct InstanceProcesses {
    var fleet: String
    var name: WorkerID
    /// The record of the process that leads the session; nil when there is none, or when the machine has been
    /// started since.
    var leader: InstanceRecord?

    /// Sends a signal to each of them, and to those that they start meanwhile.
    ///
    /// - Returns: whether a process was met that may not be signalled.
    @discardableResult
    func signal(_ number: Int32) throws(SystemError) -> Bool {
        var signalled: Set<ProcessStatus.Name> = []
        var wasRefused = false
        for _ in 0..<CloudPolicy.localSweepRounds {
            var isNew = false
            for pid in try ProcessTable.processes() where pid != getpid() {
                guard let status = try ProcessStatus.read(pid), !status.hasEnded,
                    !signalled.contains(status.name), try contains(status),
                    let handle = try ProcessHandle.open(pid, startedAt: status.startTime)
                else { continue }
                wasRefused = handle.signal(number) == .refused || wasRefused
                signalled.insert(status.name)
                isNew = true
            }
            if !isNew { break }
        }
        return wasRefused
    }

    private func contains(_ status: ProcessStatus) throws(SystemError) -> Bool {
        if let leader, status.session == leader.pid {
            // A session keeps its leader's id in use. So when the leader is there and another one, the id has
            // been given away since, and this session is not the instance's.
            let current = try ProcessStatus.read(leader.pid)
            if current == nil || current?.startTime == leader.startTime { return true }
        }
        guard let environment = try ProcessTable.environment(of: status.pid),
            let tag = InstanceTag(environment)
        else { return false }
        return tag.fleet == fleet && tag.name == name
    }

    /// The tags of this fleet that processes carry.
    static func tags(fleet: String) throws(SystemError) -> Set<InstanceTag> {
        var found: Set<InstanceTag> = []
        for pid in try ProcessTable.processes() {
            guard let environment = try ProcessTable.environment(of: pid), let tag = InstanceTag(environment),
                tag.fleet == fleet, try ProcessStatus.read(pid)?.hasEnded == false
            else { continue }
            found.insert(tag)
        }
        return found
    }
}

extension ProcessStatus {
    /// What names a process for as long as the machine runs.
    fileprivate struct Name: Hashable {
        var pid: Int32
        var startTime: UInt64
    }

    fileprivate var name: Name { Name(pid: pid, startTime: startTime) }
}
