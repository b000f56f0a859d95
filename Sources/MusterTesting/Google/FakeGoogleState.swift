import MusterCore
import MusterRuntime

/// What the fake's Compute Engine knows. Everything that takes time is over when its time has come; `settle` makes
/// it so before each call is answered.
struct FakeGoogleState: Sendable {
    struct Instance: Sendable {
        var number: String
        var zone: String
        var machineType: String
        /// As it was asked for.
        var resource: Document
        var status = "PROVISIONING"
        var createdAt: Timestamp
        var maintenanceAt: Timestamp?
        var fate: Fate = .lasts

        enum Fate: Sendable { case lasts, preempted }

        var name: String { resource.googleText("name") ?? "" }
        var path: String { "\(zone)/\(name)" }
        func label(_ name: String) -> String? { resource["labels"]?.googleText(name) }
    }

    struct Operation: Sendable {
        enum Scope: Hashable, Sendable {
            case zone(String)
            case region(String)
        }

        var name: String
        var scope: Scope
        var type: String
        var requestID: String?
        var group: String?
        /// The instance, as `zone/name`.
        var target: String?
        var targetNumber: String?
        var insertedAt: Timestamp
        var doneAt: Timestamp
        var error: GoogleJSON?
        /// How many were asked for and made, by zone.
        var locations: [String: (target: Int, created: Int)] = [:]
        var isSettled = false
    }

    var settings: FakeGoogleSettings
    var chance: SeededGenerator
    var instances: [String: Instance] = [:]
    var operations: [Operation] = []
    var byRequestID: [String: Int] = [:]
    /// Operations whose time has not come, by index.
    var open: [Int] = []
    var tokens: Set<String> = []
    var lastNumber = 0
    /// Calls in the minute that they were made in.
    var minute: Int64 = 0
    var callsInMinute = 0
    /// How often each name was made, and which are deleted by a call.
    var made: [String: Int] = [:]
    var deleted: [String] = []
    var calls: [String: Int] = [:]
    var dealt = DealtFaults()

    init(_ settings: FakeGoogleSettings, seed: UInt64) {
        self.settings = settings
        chance = SeededGenerator(seed: seed)
    }

    /// A number that nothing else has.
    mutating func newNumber() -> String {
        lastNumber += 1
        return "\(7_000_000_000_000_000_000 + lastNumber)"
    }

    mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &chance) < probability
    }

    /// Lets end what has had its time.
    mutating func settle(at now: Timestamp) {
        for index in open where operations[index].doneAt <= now {
            operations[index].isSettled = true
            let operation = operations[index]
            guard let target = operation.target, var instance = instances[target],
                instance.number == operation.targetNumber
            else { continue }
            switch operation.type {
            case "insert" where operation.error != nil: instances[target] = nil
            case "insert":
                instance.status = "RUNNING"
                instances[target] = instance.fate == .preempted ? nil : instance
            case "delete": instances[target] = nil
            default: break
            }
        }
        open.removeAll { operations[$0].isSettled }
        // In the order in which they were asked for: when the first is not old, none is.
        guard let first = operations.first, first.doneAt + settings.operationTime < now else { return }
        operations.removeAll { $0.isSettled && $0.doneAt + settings.operationTime < now }
        open = operations.indices.filter { !operations[$0].isSettled }
        byRequestID = Dictionary(
            operations.enumerated().compactMap { index, operation in operation.requestID.map { ($0, index) }
            },
            uniquingKeysWith: { _, last in last })
    }

    /// The operation that a request id has made, as long as it is remembered.
    func remembered(_ requestID: String, at now: Timestamp) -> Operation? {
        guard let index = byRequestID[requestID] else { return nil }
        let operation = operations[index]
        return operation.insertedAt + settings.requestIDTime >= now ? operation : nil
    }

    mutating func append(_ operation: Operation) {
        if let id = operation.requestID { byRequestID[id] = operations.count }
        open.append(operations.count)
        operations.append(operation)
    }

    /// Whether there is room for one more, and if so takes it.
    mutating func takeRoom(_ type: String, in zone: String) -> Bool {
        let place = "\(type)/\(zone)"
        guard !settings.stockouts.contains(zone), !settings.stockouts.contains(place) else { return false }
        if happens(settings.chances.stockouts) {
            dealt.note(.refused, isLaunch: true)
            return false
        }
        guard let left = settings.room[place] else { return true }
        guard left > 0 else { return false }
        settings.room[place] = left - 1
        return true
    }

    /// Whether the project may have one more in a region.
    func isWithinQuota(_ region: String, plus more: Int = 0) -> Bool {
        guard let quota = settings.instanceQuota[region] else { return true }
        return instances.values.count { $0.zone.hasPrefix(region + "-") } + more < quota
    }
}
