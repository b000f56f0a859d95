import MusterCore
import MusterRuntime

/// What the fake keeps.
struct FakeEC2State: Sendable {
    /// What a token stands for.
    struct Token: Sendable {
        var body: [UInt8]
        var ids: [String]
        /// The answer's errors, which a repeat of a fleet gets too where that is set.
        var errors: [String] = []
        var at: Timestamp
    }

    struct Template: Sendable {
        var id: String
        var name: String
        var region: String
        var parameters: FormParameters
        var tags: [String: String]
        var madeAt: Timestamp
    }

    var instances: [String: FakeEC2Instance] = [:]
    /// Those that do not run yet.
    var booting: Set<String> = []
    /// Ids in the order in which instances were made.
    var order: [String] = []
    var tokens: [String: Token] = [:]
    var templates: [String: Template] = [:]
    /// How many more there are of `type/zone` or `market/type/zone`; without an entry, any number.
    var capacity: [String: Int] = [:]
    var subnets: [String: String] = [:]
    var denied: Set<String> = []
    var faults: [String: [FakeEC2Fault]] = [:]
    var chances = FakeEC2Chances()
    var chance: SeededGenerator
    var page = 1_000
    var listingDelay = Duration.zero
    var bootTime = Duration.zero
    var account = "123456789012"
    /// Whether a repeated CreateFleet tells the first one's errors, and not only the fleet's id.
    var replaysErrors = false
    /// Whether a token whose instances have ended is refused, and not answered with them.
    var refusesEnded = false
    var tokenMemory = Duration.seconds(86_400)
    var calls: [String: Int] = [:]
    var dealt = DealtFaults()
    var badSignatures = 0
    private var made = 0

    init(seed: UInt64) { chance = SeededGenerator(seed: seed) }

    /// A number that no other has, as long as EC2's are.
    mutating func nextID(_ prefix: String) -> String {
        made += 1
        let digits = String(made, radix: 16)
        return prefix + String(repeating: "0", count: 17 - digits.count) + digits
    }

    /// Takes so many of an offering, or as many as there are.
    mutating func take(_ wanted: Int, type: String, zone: String, isSpot: Bool) -> Int {
        for key in ["\(isSpot ? "spot" : "on-demand")/\(type)/\(zone)", "\(type)/\(zone)"] {
            guard let left = capacity[key] else { continue }
            let taken = min(left, wanted)
            capacity[key] = left - taken
            return taken
        }
        return wanted
    }

    /// Makes an instance.
    mutating func make(_ instance: FakeEC2Instance) -> String {
        instances[instance.id] = instance
        if instance.state == "pending" { booting.insert(instance.id) }
        order.append(instance.id)
        return instance.id
    }

    /// The next fault for a call: one that a test has ordered, or one by chance.
    mutating func fault(_ action: String) -> FakeEC2Fault? {
        for key in [action, "*"] {
            guard var queue = faults[key], !queue.isEmpty else { continue }
            let fault = queue.removeFirst()
            faults[key] = queue
            return fault
        }
        let drawn = Double.random(in: 0..<1, using: &chance)
        var bound = chances.throttled
        if drawn < bound { return .throttled }
        bound += chances.lost
        if drawn < bound { return .lostAfter }
        bound += chances.twice
        if drawn < bound { return .doneTwice }
        guard action == "RunInstances" || action == "CreateFleet" else { return nil }
        return drawn < bound + chances.noCapacity ? .noCapacity : nil
    }
}
