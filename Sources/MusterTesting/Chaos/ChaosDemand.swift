import MusterCore
import MusterRuntime

/// What a chaos run wants of each cloud: pools that read their demand from a file, and the file.
struct ChaosDemand {
    /// How many instances each pool wants at the end, and at most.
    let most: Int
    private let clouds: [any ChaosCloud]
    private let program: ChaosProgram
    private var file: String { program.folder.path + "/demand.json" }

    init(_ clouds: [any ChaosCloud], most: Int, of program: ChaosProgram) {
        self.clouds = clouds
        self.most = most
        self.program = program
    }

    /// How many instances are wanted of each cloud in the end.
    var mostOfEach: Int { most * ChaosPolicy.poolsPerCloud }

    /// The names of a cloud's pools.
    func pools(of cloud: any ChaosCloud) -> [String] {
        (0..<ChaosPolicy.poolsPerCloud).map { "chaos/\(cloud.name)-\($0)" }
    }

    /// The definitions of all pools.
    var definitions: String {
        let definitions = clouds.flatMap { cloud in
            pools(of: cloud).enumerated().map { number, pool in
                """
                {"workerPoolId": "\(pool)", "providerId": "\(cloud.name)", "config": {
                "minCapacity": 0, "maxCapacity": \(most), "registration": "none",
                "instancesPerHour": \(most * 100), "anticipate": false,
                "source": {"kind": "file", "path": "\(file)", "pending": "/pending/\(number)",
                "claimed": "/claimed", "idle": "/idle/\(cloud.name)", "interval": 1, "staleness": 86400},
                "lifecycle": {"runningAfter": 0, "idleTimeout": 0}, "launchConfigs": \(cloud.launchConfigs)}}
                """
            }
        }
        return #"{"workerPools": [\#(definitions.joined(separator: ",\n"))]}"#
    }

    /// What is wanted in the program's life with this number: each pool is at another point of the same way.
    func wanted(inLife life: Int) -> [Int] {
        (0..<ChaosPolicy.poolsPerCloud).map { pool in
            Int(Double(most) * ChaosPolicy.demands[(life + 2 * pool) % ChaosPolicy.demands.count])
        }
    }

    /// What is wanted when each pool wants the same.
    func wanted(of each: Int) -> [Int] { Array(repeating: each, count: ChaosPolicy.poolsPerCloud) }

    /// From now on each cloud's pools want so many, and whatever stands idles.
    func want(_ counts: [Int]) throws {
        let idle = clouds.map { cloud in
            "\"\(cloud.name)\": [\(cloud.standing.sorted().map { "\"\($0)\"" }.joined(separator: ","))]"
        }
        let text = """
            {"pending": [\(counts.map(String.init).joined(separator: ","))], "claimed": 0,
            "idle": {\(idle.joined(separator: ",\n"))}}
            """
        try program.write(text, to: "demand.json")
    }
}
