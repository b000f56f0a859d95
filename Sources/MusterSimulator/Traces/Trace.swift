public import MusterCore

/// A recorded workload: tasks with their arrivals and durations.
public struct Trace: Hashable, Sendable {
    /// A task as recorded.
    public struct Entry: Hashable, Sendable {
        /// Milliseconds from the first arrival.
        public var arrival: Int64
        /// Milliseconds that it runs.
        public var duration: Int64
        /// Whose it is: an index into `tenants`.
        public var tenant: Int
        /// How urgent it is among those of its tenant.
        public var priority: Priority
    }

    /// What it is called in results.
    public let name: String
    /// In the order of arrivals, the first of which is 0.
    public let tasks: [Entry]
    /// Whose tasks they are, in ascending order.
    public let tenants: [Tenant]

    /// A task before it is known who else has some.
    struct Raw {
        var arrival: Int64
        var duration: Int64
        var tenant = Tenant.unnamed
        var priority = Priority.medium
    }

    /// Makes a trace of tasks in any order; those that arrive at once keep theirs.
    ///
    /// - Throws: `Problem` `input-invalid` when there is none.
    init(name: String, _ raw: [Raw]) throws(Problem) {
        let sorted = raw.enumerated().sorted {
            ($0.element.arrival, $0.offset) < ($1.element.arrival, $1.offset)
        }
        guard let first = sorted.first else { throw Problem(.inputInvalid, "\(name) has no tasks") }
        self.name = name
        tenants = Set(raw.map(\.tenant)).sorted()
        let indices = Dictionary(uniqueKeysWithValues: tenants.enumerated().map { ($1, $0) })
        tasks = sorted.map { _, task in
            Entry(
                arrival: task.arrival - first.element.arrival, duration: task.duration,
                tenant: indices[task.tenant] ?? 0, priority: task.priority)
        }
    }

    /// From the first arrival to the last.
    public var span: Duration { .milliseconds(tasks.last?.arrival ?? 0) }

    /// How long all tasks run together.
    public var taskTime: Duration { .milliseconds(tasks.reduce(0) { $0 + $1.duration }) }
}
