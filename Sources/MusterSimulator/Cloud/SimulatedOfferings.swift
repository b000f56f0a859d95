import MusterCore

/// What the launch configs of a simulated cloud are launched as, and what its errors call it.
enum SimulatedOfferings {
    /// What a quota of all instances is of.
    static let all = "instances"

    /// The one thing that a launch config is launched as.
    static func offering(of config: Int) -> Offering {
        Offering(name: name(of: config), scopes: [all, scope(of: config)])
    }

    /// What an error of capacity names.
    static func name(of config: Int) -> String { "config-\(config)" }

    /// What a quota is of that concerns some launch configs only, as one of a region would.
    static func scope(of config: Int) -> String { "\(all)/config-\(config)" }
}
