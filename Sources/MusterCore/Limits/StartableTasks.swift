/// How many tasks could start now, by what their limits leave.
public struct StartableTasks: Sendable {
    /// Tasks that wait for slots of the same limits.
    public struct Lane: Hashable, Sendable {
        /// Whose they are.
        public var pool: PoolID
        /// The limits of which each needs a slot.
        public var needs: [LimitID]
        /// How many they are.
        public var pending: Int

        /// Makes a lane.
        public init(pool: PoolID, needs: [LimitID], pending: Int) {
            self.pool = pool
            self.needs = needs
            self.pending = pending
        }
    }

    /// How many tasks of each lane could start together with those of the others, in the order of the lanes.
    public private(set) var startable: [Int]
    /// What is left of each limit besides.
    public private(set) var left: [LimitID: Int]

    /// Divides what is free between those who wait for it, in equal parts as far as they need them.
    ///
    /// - Parameter free: how many slots of each limit are free; a limit that is missing holds nobody back.
    public init(_ lanes: [Lane], free: [LimitID: Int]) {
        left = free
        startable = lanes.map { $0.needs.isEmpty ? $0.pending : 0 }
        while true {
            let open = lanes.indices.filter { index in
                startable[index] < lanes[index].pending
                    && lanes[index].needs.allSatisfy { left[$0, default: .max] > 0 }
            }
            guard !open.isEmpty else { return }
            var sharers: [LimitID: Int] = [:]
            for index in open { for limit in lanes[index].needs { sharers[limit, default: 0] += 1 } }
            for index in open {
                let lane = lanes[index]
                let parts = lane.needs.map { left[$0, default: .max] / (sharers[$0] ?? 1) }
                let least = lane.needs.map { left[$0, default: .max] }.min() ?? .max
                let count = min(lane.pending - startable[index], least, max(1, parts.min() ?? .max))
                guard count > 0 else { continue }
                startable[index] += count
                for limit in lane.needs where left[limit, default: .max] != .max {
                    left[limit, default: .max] -= count
                }
            }
        }
    }
}

/// Tasks that a limit keeps from starting.
public struct HeldBackTasks: Hashable, Sendable {
    /// The limit.
    public var limit: LimitName
    /// How many tasks.
    public var tasks: Int

    /// Makes a number of tasks.
    public init(limit: LimitName, tasks: Int) {
        self.limit = limit
        self.tasks = tasks
    }
}
