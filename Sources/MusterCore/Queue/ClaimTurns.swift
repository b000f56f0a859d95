/// Who is served next, decided for many workers at once.
///
/// Tenants take turns: the one served longest ago first, those never served first of all, ties by name. Within a
/// tenant the higher priority comes first, then the earlier task. What its limits hold back hides nothing behind
/// it. Where priority goes across tenants, the turns are taken within each level, the highest first.
///
/// Pure, and exact also where what is known of the queue was cut off: it stops before the first choice that could
/// fall on what was not looked at, and says that it must be asked again.
public struct ClaimTurns: Sendable {
    /// What is known of a lane.
    public struct Lane: Sendable {
        /// Which.
        public var lane: QueueLane
        /// The limits of which each task takes a slot.
        public var needs: [LimitID]
        /// Its tenants, in the order of their turns.
        public var tenants: [QueuedTenant]
        /// Whether it may have more tenants, all of which have their turns behind these.
        public var isCutOff: Bool

        /// Makes what is known.
        public init(_ lane: QueueLane, needs: [LimitID], tenants: [QueuedTenant], isCutOff: Bool) {
            self.lane = lane
            self.needs = needs
            self.tenants = tenants
            self.isCutOff = isCutOff
        }
    }

    /// What a worker that waits has room for.
    public struct Room: Hashable, Sendable {
        /// How many tasks.
        public var tasks: Int
        /// For how many bytes of them; the last task may be larger than what is left.
        public var bytes: Int

        /// Makes room.
        public init(tasks: Int, bytes: Int) {
            self.tasks = tasks
            self.bytes = bytes
        }

        var isTaken: Bool { tasks <= 0 || bytes <= 0 }
    }

    /// A task that has reserved and whose limits are all free now: it comes before the turns.
    public struct Ready: Sendable {
        /// Whose it is.
        public var tenant: Tenant
        /// The task.
        public var head: QueueHead
        /// The limits of which it takes the slots that were kept for it.
        public var needs: [LimitID]

        /// Makes a task that is ready.
        public init(tenant: Tenant, head: QueueHead, needs: [LimitID]) {
            self.tenant = tenant
            self.head = head
            self.needs = needs
        }
    }

    /// A task and who gets it.
    public struct Choice: Hashable, Sendable {
        /// The task's place in the order of submissions.
        public var sequence: Int64
        /// Whose it is.
        public var tenant: Tenant
        /// Which of the workers that wait gets it.
        public var worker: Int
        /// The number of this turn.
        public var turn: Int64
    }

    /// A tenant of which nothing was found where something was said to wait.
    public struct Mistake: Hashable, Sendable {
        /// Where.
        public var lane: QueueLane
        /// Whose.
        public var tenant: Tenant
    }

    /// Who gets what, in the order of turns.
    public private(set) var choices: [Choice] = []
    /// Tasks whose deadline has passed, met on the way.
    public private(set) var overdue: [Int64] = []
    /// What the counters say wrongly.
    public private(set) var mistakes: [Mistake] = []
    /// What is left of the limits.
    public private(set) var limits: [LimitID: LimitRoom]
    /// What is left of the workers' room.
    public private(set) var rooms: [Room]
    /// The number of the last turn.
    public private(set) var turn: Int64
    /// Whether there may be more for these workers once this has been written and the queue looked at again.
    public private(set) var asksAgain = false

    private let lanes: [Lane]
    private let overdueLimit: Int
    private let ready: Set<Int64>
    private var worker = 0
    private var turns: [Tenant: Int64] = [:]
    /// Lanes whose next task has to let others go first.
    private var closed: Set<Int> = []
    /// How many heads of each tenant of each lane have been passed.
    private var passed: [[Int]]

    /// Decides.
    ///
    /// - Parameters:
    ///   - lanes: what is known of the queue.
    ///   - ready: tasks that come before the turns, in their order.
    ///   - limits: what is left of each limit that a lane needs; one that is missing holds nobody back.
    ///   - rooms: the workers that wait, those to be served first first.
    ///   - turn: the number of the last turn.
    ///   - overdueLimit: how many tasks past their deadline are met before the rest is left to the next time.
    public init(
        lanes: [Lane], ready: [Ready] = [], limits: [LimitID: LimitRoom] = [:], rooms: [Room], turn: Int64,
        overdueLimit: Int
    ) {
        self.lanes = lanes
        self.limits = limits
        self.rooms = rooms
        self.turn = turn
        self.overdueLimit = overdueLimit
        self.ready = Set(ready.map(\.head.sequence))
        passed = lanes.map { Array(repeating: 0, count: $0.tenants.count) }
        for task in ready where findWorker() {
            take(task.head, of: task.tenant, needs: task.needs)
            for limit in task.needs { self.limits[limit]?.giveUpReservation() }
        }
        for level in Set(lanes.map(\.lane.level)).sorted(by: >) where findWorker() && !asksAgain {
            serve(level)
        }
    }

    /// A tenant in the order of turns, and where its tasks are: lane and place there.
    private struct Place {
        let tenant: Tenant
        var turn: Int64
        var lanes: [(lane: Int, index: Int)]
    }

    private mutating func serve(_ level: Int) {
        var line = line(of: level)
        let indices = lanes.indices.filter { lanes[$0].lane.level == level }
        var next = 0
        while next < line.count, findWorker() {
            if indices.contains(where: { isOpen($0) && hides($0, before: line[next]) }) {
                asksAgain = true
                return
            }
            guard let choice = head(of: line[next]) else {
                if asksAgain { return }
                next += 1
                continue
            }
            let lane = lanes[choice.lane]
            let head = lane.tenants[choice.index].heads[passed[choice.lane][choice.index]]
            guard lane.needs.allSatisfy({ limits[$0]?.admits(submittedAt: head.submittedAt) ?? true }) else {
                closed.insert(choice.lane)
                continue
            }
            passed[choice.lane][choice.index] += 1
            take(head, of: line[next].tenant, needs: lane.needs)
            line[next].turn = turn
            line.append(line[next])
            next += 1
        }
        if findWorker(), indices.contains(where: { isOpen($0) && lanes[$0].isCutOff }) { asksAgain = true }
    }

    /// The tenants with tasks in a level, in the order of their turns.
    private func line(of level: Int) -> [Place] {
        var places: [Tenant: Place] = [:]
        for (index, lane) in lanes.enumerated() where lane.lane.level == level {
            for (position, waiting) in lane.tenants.enumerated() {
                places[
                    waiting.tenant,
                    default: Place(
                        tenant: waiting.tenant, turn: turns[waiting.tenant] ?? waiting.turn, lanes: [])
                ].lanes.append((index, position))
            }
        }
        return places.values.sorted { Self.precedes(($0.turn, $0.tenant), ($1.turn, $1.tenant)) }
    }

    /// Whether tenants of a lane that were not looked at may have their turn before this one.
    private func hides(_ index: Int, before place: Place) -> Bool {
        guard lanes[index].isCutOff, let last = lanes[index].tenants.last else { return false }
        return Self.precedes((last.turn, last.tenant), (place.turn, place.tenant))
    }

    /// Where the next task of a tenant is; nil when it has none that could start, or none is known.
    private mutating func head(of place: Place) -> (lane: Int, index: Int)? {
        var best: (head: QueueHead, lane: Int, index: Int)?
        for (lane, index) in place.lanes where isOpen(lane) {
            let waiting = lanes[lane].tenants[index]
            while passed[lane][index] < waiting.heads.count {
                let head = waiting.heads[passed[lane][index]]
                guard head.isOverdue || ready.contains(head.sequence) else { break }
                passed[lane][index] += 1
                if ready.contains(head.sequence) { continue }
                overdue.append(head.sequence)
                if overdue.count >= overdueLimit { asksAgain = true }
            }
            if asksAgain { return nil }
            guard passed[lane][index] < waiting.heads.count else {
                if waiting.isCutOff {
                    asksAgain = true
                    return nil
                }
                if waiting.heads.isEmpty {
                    mistakes.append(Mistake(lane: lanes[lane].lane, tenant: waiting.tenant))
                }
                continue
            }
            let head = waiting.heads[passed[lane][index]]
            if best.map({ Self.precedes(head, $0.head) }) ?? true { best = (head, lane, index) }
        }
        return best.map { ($0.lane, $0.index) }
    }

    private mutating func take(_ head: QueueHead, of tenant: Tenant, needs: [LimitID]) {
        turn += 1
        turns[tenant] = turn
        for limit in needs where limits[limit]?.free != .max { limits[limit]?.free -= 1 }
        rooms[worker].tasks -= 1
        rooms[worker].bytes -= head.bytes
        choices.append(Choice(sequence: head.sequence, tenant: tenant, worker: worker, turn: turn))
    }

    /// Goes to the next worker that has room; whether there is one.
    private mutating func findWorker() -> Bool {
        while worker < rooms.count, rooms[worker].isTaken { worker += 1 }
        return worker < rooms.count
    }

    private func isOpen(_ lane: Int) -> Bool {
        !closed.contains(lane) && lanes[lane].needs.allSatisfy { limits[$0].map { $0.free > 0 } ?? true }
    }

    private static func precedes(_ left: QueueHead, _ right: QueueHead) -> Bool {
        left.priority != right.priority
            ? left.priority > right.priority : left.sequence < right.sequence
    }

    private static func precedes(_ left: (Int64, Tenant), _ right: (Int64, Tenant)) -> Bool {
        left.0 != right.0 ? left.0 < right.0 : left.1 < right.1
    }
}
