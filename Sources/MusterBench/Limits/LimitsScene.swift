import MusterCore
import MusterRuntime
import MusterTesting

/// The real service on a database of its own, its clients, and the counter beside it.
struct LimitsScene {
    let engine: BenchEngine
    private let program: ServedProgram
    private let service: RunningService
    private let client: SlotClient
    private let counter: any CounterLimit
    private let folder: TemporaryFolder
    private let places: [PostgresSchemaPlace]

    private static let limit = LimitName(rawValue: "shared")
    private static let baton = LimitName(rawValue: "baton")

    /// Starts the service and makes the limits.
    init(on engine: BenchEngine, _ surroundings: Surroundings) async throws {
        self.engine = engine
        folder = try TemporaryFolder(in: surroundings.folder)
        switch engine {
        case .sqlite:
            places = []
            program = try ServedProgram(surroundings)
            counter = try PlainCounterLimit(path: folder.path + "/plain.db")
        case .postgres:
            let place = try await surroundings.postgres.schema()
            let plain = try await surroundings.postgres.schema()
            places = [place, plain]
            program = try ServedProgram(surroundings, database: place.address)
            counter = try await PostgresCounterLimit(in: plain, folder: folder.path)
        }
        service = try await program.serve()
        client = try SlotClient(socket: program.socket)
        try await client.create(Self.limit, slots: BenchPolicy.limitSlots)
        try await client.create(Self.baton, slots: 1)
    }

    /// Has so many clients take slots and give them back, and the counter do the same right before.
    func measure(_ clients: Int, _ figures: inout Figures) async throws {
        let names = LimitsCase(engine: engine, clients: clients)
        let plain = try await counter.rate(of: BenchPolicy.counterSteps)
        figures.add(plain, to: .counter(engine))
        let each = BenchPolicy.slotsPerClient(of: clients)
        let client = client
        let watch = Stopwatch()
        let times = try await withThrowingTaskGroup(of: [Double].self) { group in
            for number in 0..<clients {
                group.addTask {
                    var times: [Double] = []
                    for _ in 0..<each {
                        let watch = Stopwatch()
                        try await client.acquire(Self.limit, for: "client-\(number)")
                        times.append(watch.milliseconds)
                        try await client.release("client-\(number)")
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let rate = Double(2 * each * clients) / watch.seconds
        let sample = Sample(times)
        figures.add(rate, to: names.operations)
        figures.add(rate / plain, to: names.ratio)
        figures.add(sample.median, to: names.usualTime)
        figures.add(sample.quantile(0.99), to: names.longTime)
    }

    /// Hands the only slot of a limit from one client to another, back and forth.
    func measureHandOver(_ figures: inout Figures) async throws {
        var (holder, next) = ("left", "right")
        try await client.acquire(Self.baton, for: holder)
        for _ in 0..<BenchPolicy.handOvers {
            let (client, waiter) = (client, next)
            async let arrival = Self.arrival(of: waiter, client)
            while try await client.waiting(for: Self.baton) == 0 {}
            let watch = Stopwatch()
            try await client.release(holder)
            figures.add(watch.time(until: try await arrival) / .milliseconds(1), to: .handOver(engine))
            (holder, next) = (next, holder)
        }
        try await client.release(holder)
    }

    private static func arrival(of holder: String, _ client: SlotClient) async throws
        -> ContinuousClock.Instant
    {
        try await client.acquire(baton, for: holder)
        return .now
    }

    /// Ends the service and removes what was made.
    func close() async throws {
        await client.close()
        try await service.stop()
        for place in places { try await place.remove() }
    }
}
