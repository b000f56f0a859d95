import MusterCore

/// A fake cloud as a chaos run sees it: it can be made to misbehave, and tells what really stands there.
protocol ChaosCloud: Sendable {
    /// The provider's name in muster.yaml.
    var name: String { get }
    /// Variables that the program needs to reach it.
    var environment: [String: String] { get }
    /// Its lines below `providers` of muster.yaml; files that they name are written into `folder`.
    func settings(folder: String) throws -> String
    /// The launch configs of its pool, as JSON.
    var launchConfigs: String { get }

    /// From now on calls fail, answers are lost, and come twice, as often as an issue of the project asks.
    func misbehave()
    /// From now on all goes well.
    func behave()
    /// What it did wrong so far.
    var dealt: DealtFaults { get }
    /// Puts instances of nobody's and of another Muster's there.
    func plantStrangers()
    /// Whether they are all still there.
    var strangersStand: Bool { get }
    /// Ends an instance, as the market or a person does.
    func end(_ instance: String)

    /// Muster's instances that cost money, by the ids that it knows them by.
    var standing: Set<String> { get }
    /// All instances that it ever made of Muster's launches.
    var made: [ChaosInstance] { get }
    /// What was left behind that belongs to no instance, and is still there.
    var leftovers: [String] { get }
    /// How many such things there ever were.
    var leftBehind: Int { get }
    /// Lets the provider's own search for it come round, by a clock that does not wait for it.
    func sweep(of fleet: String) async throws
}

extension ChaosCloud {
    var leftovers: [String] { [] }
    var leftBehind: Int { 0 }
    func sweep(of fleet: String) async throws {}

    /// How what stands differs from what is known, for a person.
    func difference(from known: Set<String>) -> String {
        "\(name): \(standing.subtracting(known).count) unknown, \(known.subtracting(standing).count) not there"
    }
}

/// An instance that a cloud has made.
struct ChaosInstance: Hashable, Sendable {
    /// Its name, without the place.
    var name: String
    /// The launch that asked for it.
    var launch: String
    /// How often it was made: a name can be used again.
    var times = 1

    /// What a cloud made under names that are a launch's id and a number.
    static func named(_ made: [String: Int]) -> [ChaosInstance] {
        made.filter { $0.value > 0 }.map { name, times in
            let end = name.lastIndex(of: "-") ?? name.endIndex
            return ChaosInstance(name: name, launch: String(name[..<end]), times: times)
        }
    }

    /// The name in an instance's id, which may begin with a place.
    static func name(of id: String) -> String { String(id.split(separator: "/").last ?? "") }
}

/// The numbers of a chaos run's faults, each a probability for every call that it can befall.
enum ChaosChances {
    /// No room for what a launch asks for.
    static let capacity = 0.05
    /// Too many calls.
    static let throttled = 0.02
    /// Done, and the answer is lost.
    static let lost = 0.01
    /// Done, and done once more.
    static let twice = 0.01
    /// A machine goes, and one of its parts stays: far more often than in any cloud, so that each run has some.
    static let leftovers = 0.25
}
