import MusterCore
import MusterRuntime

/// Runs the real program over three fake clouds while everything goes wrong and the demand comes and goes, and looks at
/// the end whether what must hold holds: launched equals wanted, no instance unknown, none launched twice for one need,
/// none of a stranger's touched, every failure attributed.
public struct ChaosRun: Sendable {
    /// What chance begins with.
    private let seed: UInt64
    /// How often the program is killed.
    private let kills: Int
    private let program: ChaosProgram
    private let demand: ChaosDemand
    private let clouds: [any ChaosCloud]

    /// Makes the clouds and the program's folder; nothing runs yet.
    ///
    /// - Parameters:
    ///   - executable: the `muster` to run.
    ///   - folder: below which it makes its own.
    public init(
        _ executable: String, in folder: String = "/tmp", seed: UInt64, instances: Int, kills: Int
    ) throws {
        self.seed = seed
        self.kills = kills
        let own = try TemporaryFolder(in: folder)
        clouds = [
            try EC2Chaos(seed: seed), try GoogleChaos(seed: seed &+ 1), try AzureChaos(seed: seed &+ 2),
        ]
        let settings = try clouds.map { try $0.settings(folder: own.path) }.joined(separator: "\n")
        let environment = clouds.reduce(into: [String: String]()) { $0.merge($1.environment) { $1 } }
        program = try ChaosProgram(executable, providers: settings, environment: environment, in: own)
        demand = ChaosDemand(
            clouds, most: max(1, instances / clouds.count / ChaosPolicy.poolsPerCloud), of: program)
    }

    /// Makes the run.
    ///
    /// - Throws: when the program could not be run, or did not get where it should in time.
    public func run() async throws -> ChaosReport {
        let clock = SystemClock()
        let begin = clock.uptime()
        var generator = SeededGenerator(seed: seed)
        var report = ChaosReport()
        var history = ChaosHistory()
        for cloud in clouds {
            cloud.plantStrangers()
            cloud.misbehave()
        }
        try demand.want(demand.wanted(inLife: 0))
        try await program.start()
        try await program.apply(demand.definitions)
        for number in 0..<kills {
            let life = Int64.random(in: ChaosPolicy.lifeMilliseconds, using: &generator)
            try await live(.milliseconds(life), number)
            await program.kill()
            report.kills += 1
            let rows = try await FleetRows.read(program.database)
            let open = rows.openLaunches
            if !open.isEmpty { report.killsInLaunch += 1 }
            history.interrupted.formUnion(open)
            report.violations += rows.differences.map { "after kill \(number): \($0)" }
            for cloud in clouds {
                let gone = cloud.standing.sorted().shuffled(using: &generator).prefix(ChaosPolicy.endsPerLife)
                for one in gone { cloud.end(one) }
                history.ended[cloud.name, default: []].formUnion(gone)
            }
            report.changes += 1
            try demand.want(number + 1 < kills ? demand.wanted(inLife: number + 1) : all)
            try await program.start()
        }
        for cloud in clouds { cloud.behave() }
        let calm = clock.uptime()
        report.note(try await settled(at: all), clouds, history)
        report.secondsToSettle = (clock.uptime() - calm).inSeconds
        report.wanted = demand.mostOfEach * clouds.count
        report.standing = clouds.map(\.standing.count).reduce(0, +)
        try await end(&report, history)
        report.seconds = (clock.uptime() - begin).inSeconds
        return report
    }

    /// What is wanted at the end.
    private var all: [Int] { demand.wanted(of: demand.most) }

    /// Lets the program live for a while, and tells it meanwhile who idles.
    private func live(_ time: Duration, _ number: Int) async throws {
        let clock = SystemClock()
        let end = clock.uptime() + time
        while clock.uptime() < end {
            try await clock.sleep(for: min(ChaosPolicy.lookInterval, end - clock.uptime()))
            try demand.want(demand.wanted(inLife: number))
        }
    }

    /// Lets go of everything: first nothing is wanted, then the pools are deleted, and what is left over is swept up.
    private func end(_ report: inout ChaosReport, _ history: ChaosHistory) async throws {
        let none = demand.wanted(of: 0)
        try demand.want(none)
        try await program.start()
        let rows = try await settled(at: none)
        report.note(rows, clouds, history)
        try await program.start()
        for pool in clouds.flatMap(demand.pools) { try await program.muster(["pool", "delete", pool]) }
        try await program.stop()
        for cloud in clouds {
            report.leftBehind += cloud.leftBehind
            try await cloud.sweep(of: rows.fleet)
            report.violations += cloud.leftovers.map { "\(cloud.name): \($0) was left behind" }
        }
    }

    /// Waits until what is wanted stands and is known, and stops the program: only then can its rows be read.
    private func settled(at counts: [Int]) async throws -> FleetRows {
        let clock = SystemClock()
        let end = clock.uptime() + ChaosPolicy.patience
        while true {
            try await wait(for: counts, until: end)
            try await program.stop()
            let rows = try await FleetRows.read(program.database)
            let isKnown = clouds.allSatisfy { $0.standing == rows.instances(of: $0.name) }
            if isKnown, rows.openLaunches.isEmpty, stands(counts) {
                return rows
            }
            guard clock.uptime() < end else {
                let differences = clouds.map { $0.difference(from: rows.instances(of: $0.name)) }
                throw Problem(
                    .unavailable,
                    "what stands never became known (seed \(seed)): \(rows.openLaunches.count) launches are open, "
                        + differences.joined(separator: ", "))
            }
            try await program.start()
            try await clock.sleep(for: ChaosPolicy.lifeAfterLook)
        }
    }

    private func stands(_ counts: [Int]) -> Bool {
        clouds.allSatisfy { $0.standing.count == counts.reduce(0, +) }
    }

    private func wait(for counts: [Int], until end: Duration) async throws {
        let clock = SystemClock()
        while !stands(counts) {
            guard clock.uptime() < end else {
                let standing = clouds.map { "\($0.name): \($0.standing.count)" }.joined(separator: ", ")
                throw Problem(
                    .unavailable, "\(counts) of each cloud never stood (seed \(seed)), but \(standing)")
            }
            try await clock.sleep(for: ChaosPolicy.lookInterval)
            try demand.want(counts)
        }
    }
}

/// What has to be known of a run to judge it.
private struct ChaosHistory {
    /// The instances that went away by themselves, by cloud.
    var ended: [String: Set<String>] = [:]
    /// The launches in the midst of which the program was killed.
    var interrupted: Set<String> = []
}

extension ChaosReport {
    /// Notes what is written, and what is not as it should be.
    fileprivate mutating func note(
        _ rows: FleetRows, _ clouds: [any ChaosCloud], _ history: ChaosHistory
    ) {
        let settled = rows.launches.values.filter { $0.state == .settled }
        launches = rows.launches.count
        abandoned = rows.launches.values.filter { $0.state == .abandoned }.count
        refused = settled.map { $0.count - $0.obtained }.reduce(0, +)
        late = rows.workers.count - settled.map(\.obtained).reduce(0, +)
        retired = rows.workers.filter { $0.stopReason == StopReason.idle }.count
        ended = history.ended.values.map(\.count).reduce(0, +)
        made = clouds.map { $0.made.map(\.times).reduce(0, +) }.reduce(0, +)
        var found = rows.differences
        for cloud in clouds {
            dealt[cloud.name] = cloud.dealt
            let facts = ChaosFacts(
                name: cloud.name, made: cloud.made, standing: cloud.standing,
                ended: history.ended[cloud.name] ?? [], strangersStand: cloud.strangersStand,
                interrupted: history.interrupted)
            found += ChaosJudgement(rows, facts).violations
        }
        violations += found.filter { !violations.contains($0) }
    }
}
