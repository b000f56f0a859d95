import MusterClouds
import MusterCore
import MusterRuntime

/// What a cloud that processes share has given.
struct Ledger {
    /// Each launch once, in the order of the first calls.
    let entries: [LedgerEntry]

    /// Reads the file at `path`.
    static func read(_ path: String) throws -> Ledger {
        Ledger(String(decoding: try TextFile.read(path, limit: 1 << 28), as: UTF8.self))
    }

    /// Takes its text apart; a repeat of a launch is no other launch.
    init(_ text: String) {
        var known: Set<LaunchID> = []
        entries = text.split(separator: "\n").compactMap { LedgerEntry(String($0)) }
            .filter { known.insert($0.launchID).inserted }
    }

    /// How many instances each pool has got.
    var instances: [PoolID: Int] {
        entries.reduce(into: [:]) { $0[$1.poolID, default: 0] += $1.count }
    }
}

/// One launch: a line with its name, its pool's and how many instances there are of it.
struct LedgerEntry: Hashable {
    let launchID: LaunchID
    let poolID: PoolID
    let count: Int

    /// Takes a line apart; nil for one that is none.
    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard words.count == 3, let count = Int(words[2]), count > 0 else { return nil }
        launchID = LaunchID(rawValue: String(words[0]))
        poolID = PoolID(rawValue: String(words[1]))
        self.count = count
    }

    var line: String { "\(launchID) \(poolID) \(count)" }

    /// Its instances, running since long ago.
    var instances: [Instance] {
        (0..<count).map { index in
            Instance(
                id: "\(launchID)-\(index)", launchID: launchID, group: WorkerGroup(rawValue: "here"),
                workerID: WorkerID(rawValue: "\(launchID)-\(index)"), state: .running,
                startedAt: Timestamp(milliseconds: 0))
        }
    }
}
