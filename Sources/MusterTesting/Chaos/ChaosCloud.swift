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
    /// Puts instances of nobody's and of another Muster's there.
    func plantStrangers()
    /// Whether they are all still there.
    var strangersStand: Bool { get }
    /// Ends one of Muster's instances, as the market or a person does; which of them chance decides.
    func endOne(_ generator: inout SeededGenerator)

    /// Muster's instances that cost money, by the ids that it knows them by.
    var standing: Set<String> { get }
    /// How many instances each launch ever made, by the launch's id.
    var made: [String: Int] { get }
    /// What was left behind that belongs to no instance.
    var leftovers: [String] { get }
}

extension ChaosCloud {
    /// How what stands differs from what is known, for a person.
    func difference(from known: Set<String>) -> String {
        "\(name): \(standing.subtracting(known).count) unknown, \(known.subtracting(standing).count) not there"
    }
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
}
