import MusterCore

/// The names under which the engine keeps settings.
enum SettingName {
    /// Why everything is frozen; absent when it is not.
    static let frozen = "frozen"

    /// Where a provider's instances are; see `ProviderPlaces`.
    static func place(of provider: ProviderID) -> String { "place/\(provider)" }
}

/// What tells a store's instances and events from those of another Muster's.
public enum FleetSetting {
    /// The name under which it is kept.
    public static let name = "fleet"
}
