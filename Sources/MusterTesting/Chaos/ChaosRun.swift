import MusterCore
import MusterRuntime

/// Runs the real program over three fake clouds while everything goes wrong, and looks at the end whether what must hold
/// holds: launched equals wanted, no instance unknown, none launched twice for one need, none of a stranger's touched,
/// every failure attributed.
public struct ChaosRun: Sendable {
    /// What chance begins with.
    private let seed: UInt64
    /// How many instances are wanted of each cloud at the end.
    private let instancesPerCloud: Int
    /// How often the program is killed.
    private let kills: Int
    private let program: ChaosProgram
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
        instancesPerCloud = max(1, instances / clouds.count)
        let settings = try clouds.map { try $0.settings(folder: own.path) }.joined(separator: "\n")
        let environment = clouds.reduce(into: [String: String]()) { $0.merge($1.environment) { $1 } }
        program = try ChaosProgram(executable, providers: settings, environment: environment, in: own)
    }

    /// Makes the run.
    ///
    /// - Throws: when the program could not be run, or did not get where it should in time.
    public func run() async throws -> ChaosReport {
        let clock = SystemClock()
        let begin = clock.uptime()
        var generator = SeededGenerator(seed: seed)
        var report = ChaosReport()
        for cloud in clouds { cloud.plantStrangers() }
        try await program.start()
        try await want(instancesPerCloud)
        for cloud in clouds { cloud.misbehave() }
        for _ in 0..<kills {
            let life = Int64.random(in: ChaosPolicy.lifeMilliseconds, using: &generator)
            try await clock.sleep(for: .milliseconds(life))
            await program.kill()
            report.kills += 1
            for cloud in clouds where !cloud.standing.isEmpty {
                for _ in 0..<ChaosPolicy.endsPerLife { cloud.endOne(&generator) }
                report.ended += ChaosPolicy.endsPerLife
            }
            try await program.start()
        }
        for cloud in clouds { cloud.behave() }
        let calm = clock.uptime()
        let rows = try await settled()
        report.secondsToSettle = (clock.uptime() - calm).inSeconds
        report.wanted = instancesPerCloud * clouds.count
        report.standing = clouds.map(\.standing.count).reduce(0, +)
        report.made = clouds.map { $0.made.values.reduce(0, +) }.reduce(0, +)
        judge(rows, &report)
        try await program.start()
        try await endAll(rows)
        try await program.stop()
        judge(try await FleetRows.read(program.database), &report)
        report.seconds = (clock.uptime() - begin).inSeconds
        return report
    }

    private func pool(of cloud: any ChaosCloud) -> String { "chaos/\(cloud.name)" }

    /// Defines a pool for each cloud that wants so many instances, whatever waits.
    private func want(_ instances: Int) async throws {
        let pools = clouds.map { cloud in
            """
            {"workerPoolId": "\(pool(of: cloud))", "providerId": "\(cloud.name)", "config": {
            "minCapacity": \(instances), "maxCapacity": \(instances), "registration": "none",
            "instancesPerHour": \(instances * 100), "anticipate": false,
            "source": {"kind": "file", "path": "\(program.folder.path)/demand.json"},
            "lifecycle": {"runningAfter": 0, "firstContactTimeout": 86400, "queueInactivityTimeout": 86400,
            "suspicionTimeout": 86400}, "launchConfigs": \(cloud.launchConfigs)}}
            """
        }
        let file = try program.write(
            #"{"workerPools": [\#(pools.joined(separator: ",\n"))]}"#, to: "pools.json")
        try await program.muster(["apply", "-f", file])
    }

    /// Waits until all that is wanted stands and is known, and stops the program: only then can its rows be read.
    private func settled() async throws -> FleetRows {
        let clock = SystemClock()
        let end = clock.uptime() + ChaosPolicy.patience
        while true {
            try await wait(for: "what is wanted stands", until: end) {
                clouds.allSatisfy { $0.standing.count == instancesPerCloud }
            }
            try await program.stop()
            let rows = try await FleetRows.read(program.database)
            let isKnown = clouds.allSatisfy { $0.standing == rows.instances[$0.name] ?? [] }
            if isKnown, rows.openLaunches == 0 { return rows }
            guard clock.uptime() < end else {
                throw Problem(
                    .unavailable,
                    "what stands never became known (seed \(seed)): \(rows.openLaunches) launches are open, "
                        + clouds.map { $0.difference(from: rows.instances[$0.name] ?? []) }.joined(
                            separator: ", "))
            }
            try await program.start()
            try await clock.sleep(for: ChaosPolicy.lifeAfterLook)
        }
    }

    /// Deletes the pools, and waits until nothing of Muster's is left.
    private func endAll(_ rows: FleetRows) async throws {
        for cloud in clouds { try await program.muster(["pool", "delete", pool(of: cloud)]) }
        for worker in rows.workers { try await program.muster(["worker", "retire", "--now", worker]) }
        try await wait(for: "all instances are gone", until: SystemClock().uptime() + ChaosPolicy.patience) {
            clouds.allSatisfy { $0.standing.isEmpty && $0.leftovers.isEmpty }
        }
    }

    /// Looks at what must hold at any time at which nothing is on its way.
    private func judge(_ rows: FleetRows, _ report: inout ChaosReport) {
        report.launches = rows.launches.count
        report.abandoned = rows.launches.values.filter { $0.state == .abandoned }.count
        report.refused = rows.launches.values.filter { $0.state == .settled }
            .map { $0.count - $0.obtained }.reduce(0, +)
        for cloud in clouds {
            if !cloud.strangersStand { report.violations.append("\(cloud.name): a stranger's was touched") }
            for (id, made) in cloud.made {
                guard let launch = rows.launches[id] else {
                    report.violations.append("\(cloud.name): instances of a launch that nobody knows, \(id)")
                    continue
                }
                if made > launch.count {
                    report.violations.append(
                        "\(cloud.name): \(id) asked for \(launch.count) instances and made \(made)")
                }
            }
        }
        for launch in rows.launches.values
        where launch.state != .planned && launch.obtained < launch.count && launch.error == nil {
            report.violations.append("\(launch.id) gave too little, and nobody knows why")
        }
        report.violations += rows.differences
    }

    private func wait(for what: String, until end: Duration, _ holds: () -> Bool) async throws {
        let clock = SystemClock()
        while !holds() {
            guard clock.uptime() < end else {
                let counts = clouds.map { "\($0.name): \($0.standing.count)" }.joined(separator: ", ")
                throw Problem(
                    .unavailable,
                    "it never came about that \(what) (seed \(seed), of \(instancesPerCloud) each \(counts))")
            }
            try await clock.sleep(for: ChaosPolicy.lookInterval)
        }
    }
}
