import MusterClouds
public import MusterCore
public import MusterEvents
public import MusterRuntime
public import MusterStore

/// The running Muster: its loops and its services.
public final class Engine: Sendable {
    /// Serves workers that ask for tasks.
    public let queue: QueueService
    /// Takes tasks in and reports on them.
    public let tasks: TaskDesk
    /// Admits workers.
    public let registrar: Registrar
    /// Gives slots of limits to work that is no task.
    public let limits: LimitDesk
    /// Takes what people order.
    public let control: Control
    /// The durable state, for reading.
    public let store: any ReadableStore
    /// Wakes those who wait for events.
    public let events: EventFeed
    /// What tells this store's instances and events from those of another Muster's.
    public let fleet: String

    private let files: StateFiles?
    let context: EngineContext
    private let contacts: ContactBook
    private let launcher: Launcher
    private let publishers: [Publisher]
    private let passes: PassLoops
    private let loops: [Loop]
    private let slotNews: SlotNews
    private let running = Locked<[Task<Void, Never>]>([])

    /// Puts the parts together; nothing runs before `start`.
    ///
    /// - Parameters:
    ///   - fleet: what tells this store's instances and events from those of another Muster's.
    ///   - files: where the state lies, for the doctor.
    public init(
        _ context: EngineContext, fleet: String, sinks: [any EventSink], files: StateFiles? = nil
    ) {
        self.context = context
        self.files = files
        store = context.store
        contacts = ContactBook(context)
        launcher = Launcher(context)
        passes = PassLoops(context, launcher: launcher)
        queue = QueueService(context, contacts: contacts)
        tasks = TaskDesk(context, launcher.leases)
        registrar = Registrar(context, contacts: contacts)
        limits = LimitDesk(context)
        control = Control(context)
        events = EventFeed(context)
        self.fleet = fleet
        publishers = sinks.map { Publisher($0, fleet: fleet, in: context) }
        let slotNews = SlotNews(store: context.store, desk: limits, queue: queue, passes: passes)
        self.slotNews = slotNews
        let keeper = LimitKeeper(context) { await slotNews.tell($0) }
        let parts = [
            Self.everydayLoops(context, queue, tasks, contacts),
            Self.poolLoops(context, ShareWatch(context, passes), tasks, launcher),
            Self.leasedLoops(context, publishers),
            [
                Loop("limits", every: context.policy.passInterval, gap: context.policy.followGap, in: context)
                {
                    try await keeper.run()
                }
            ],
        ]
        loops = parts.flatMap(\.self)
    }

    /// Begins to work.
    public func start() {
        let signals = store.signals()
        var begun = loops.map { loop in Task { await loop.run() } }
        begun.append(Task { await self.follow(signals) })
        for provider in context.providers.values {
            begun.append(Task { await self.follow(provider) })
        }
        running.withLock { $0 += begun }
    }

    /// Takes no new work, settles what is in flight, delivers what is left, and stops; waits for either for
    /// `bound` at most.
    ///
    /// Instances and their workers go on: the next process finds them.
    public func stop(within bound: Duration) async {
        await queue.close()
        await limits.close()
        events.close()
        await passes.stop()
        await launcher.finish(within: bound)
        let tasks = running.withLock { running in
            defer { running = [] }
            return running
        }
        for task in tasks { task.cancel() }
        // A provider that hangs must not keep the process.
        await Deadline.run(within: bound, clock: context.clock) {
            for task in tasks { await task.value }
        } late: {
        }
        FaultPoint.reach(.loopsStopped)
        try? await contacts.write()
        await withTaskGroup(of: Void.self) { group in
            for publisher in publishers {
                group.addTask { await self.deliverRest(publisher, within: bound) }
            }
        }
        for provider in context.providers.values { await provider.shutDown() }
        await leave()
    }

    /// Gives everything back that this process holds: nobody need wait for its end.
    public func leave() async { try? await context.presence.leave() }

    /// Delivers what a sink has not got yet, as far as it takes it in time; the next start delivers the rest.
    private func deliverRest(_ publisher: Publisher, within bound: Duration) async {
        let clock = context.clock
        let delivery = Task { _ = try await publisher.run() }
        let timer = Task {
            try await clock.sleep(for: bound)
            delivery.cancel()
        }
        do {
            try await delivery.value
        } catch {
            context.log.warning(
                "events are left for the next start", ["sink": publisher.sink.name, "error": "\(error)"])
        }
        timer.cancel()
        await publisher.sink.close()
    }

    /// A pass over a pool, beside those of its loop.
    func pass(over pool: PoolID) -> PoolPass { PoolPass(pool, in: context, launcher: launcher) }

    /// The moment it is.
    public var now: Timestamp { context.clock.now() }

    /// What is known of the machine's clock.
    public var clock: ClockWatch.Record { context.clockWatch.record }

    /// What each loop last did, and when.
    public var statuses: [LoopStatus] { loops.map(\.status) + passes.statuses }

    /// Looks at this Muster as it is now.
    public var doctor: Doctor {
        let isAtWork = running.withLock { !$0.isEmpty }
        return Doctor(
            Patient(
                context: context, sinks: publishers.map(\.sink.name), loops: isAtWork ? statuses : nil,
                files: files))
    }

    private func follow(_ signals: AsyncStream<Set<StoreSignal>>) async {
        for await batch in signals {
            await slotNews.tell(Set(batch.compactMap { if case .limit(let id) = $0 { id } else { nil } }))
            for signal in batch {
                switch signal {
                case .pool(let pool):
                    // A new one: somebody finds out whose it is.
                    if !passes.wake(pool) { wake("replica") }
                case .queue(let pool): await queue.wake(pool)
                case .deadlines: wake("tasks")
                case .workers: wake("workers")
                // Those are looked at together.
                case .limit: break
                case .slots: wake("limits")
                case .outbox:
                    wake("publish:")
                    events.wake()
                case .replicas: wakeForReplicas()
                case .everything:
                    for prefix in ["tasks", "workers", "limits", "publish:"] { wake(prefix) }
                    passes.wakeAll()
                    wakeForReplicas()
                    await queue.wakeAll()
                    await limits.wakeAll()
                    events.wake()
                }
            }
        }
    }

    /// Others may have let go of something, or come and take their share.
    private func wakeForReplicas() {
        wake("replica")
        passes.wakeHeldElsewhere()
        for loop in loops where loop.status.heldBy != nil { loop.wake() }
    }

    private func follow(_ provider: any CloudProvider) async {
        let name = Reconciler.name(of: provider.id)
        for await _ in provider.changes() {
            for loop in loops where loop.name == name || loop.name.hasPrefix(name + "/") { loop.wake() }
        }
    }

    private func wake(_ prefix: String) {
        for loop in loops where loop.name.hasPrefix(prefix) { loop.wake() }
    }
}
