public import MusterCore

/// What a write may change.
public enum WriteScope: Hashable, Sendable {
    case pool(PoolID)
    case pools(Set<PoolID>)
    case named(String)
    case store
}
