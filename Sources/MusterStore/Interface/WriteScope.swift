public import MusterCore

/// What a write may change, and may therefore read and then change without fear of others.
///
/// Writes whose scopes overlap follow one another. One that changes more than its scope covers is a fault: on
/// an engine whose transactions overlap, another's change could be lost.
public enum WriteScope: Hashable, Sendable {
    /// All that belongs to a pool: its tasks, workers, launches, counters.
    case pool(PoolID)
    /// All that belongs to these pools.
    case pools(Set<PoolID>)
    /// Something by a name of its own that belongs to no pool, such as a lease, a cursor or a setting.
    case named(String)
    /// Something by a name of its own together with all that belongs to these pools: what is done to pools under
    /// a lease that is no pool's.
    case both(String, pools: Set<PoolID>)
    /// Everything: for what is rare, since it overlaps with all others.
    case store
}
