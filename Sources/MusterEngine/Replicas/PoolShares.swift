import MusterCore
import MusterStore

/// Who works on which pools: the same answer in every process that sees the same pools and processes.
///
/// By rendezvous hashing: each pool goes to the process that its name and the process's hash highest with, so
/// that a process that comes or goes moves its own share alone. One that has its fill is passed over: few pools
/// are shared as evenly as many.
struct PoolShares {
    private let replicas: [Replica]

    /// Shares between those of the processes that are there for good.
    init(among replicas: [Replica], at now: Timestamp) {
        self.replicas = replicas.filter { $0.role == .service && $0.isLiving(at: now) }
    }

    /// The pools of the process of that name.
    func pools(of name: String, in pools: [PoolID: ProviderID]) -> Set<PoolID> {
        guard replicas.contains(where: { $0.name != name }) else { return Set(pools.keys) }
        var counts = Array(repeating: 0, count: replicas.count)
        let limit = Self.limit(pools.count, replicas.count)
        let able = Dictionary(
            grouping: replicas.indices.flatMap { index in
                replicas[index].providers.map { (provider: $0, index: index) }
            }, by: \.provider
        ).mapValues { $0.map(\.index) }
        let names = replicas.map { Self.hash($0.name) }
        var own: Set<PoolID> = []
        for (pool, provider) in pools.sorted(by: { $0.key < $1.key }) {
            let hash = Self.hash(pool.rawValue)
            // Where nobody can reach the provider, somebody says so.
            let candidates = able[provider] ?? Array(replicas.indices)
            let ranked = candidates.map { (index: $0, weight: Self.mix(hash ^ names[$0])) }
            let free = ranked.filter { counts[$0.index] < limit }
            let best = (free.isEmpty ? ranked : free).max {
                ($0.weight, replicas[$0.index].name) < ($1.weight, replicas[$1.index].name)
            }
            guard let best else { continue }
            counts[best.index] += 1
            if replicas[best.index].name == name { own.insert(pool) }
        }
        return own
    }

    /// How many pools one process gets at most: the even share, and with many pools an eighth more, so that the
    /// bound, which moves pools between others, is not met there.
    private static func limit(_ pools: Int, _ replicas: Int) -> Int {
        max((pools + replicas - 1) / replicas, pools * 9 / (replicas * 8))
    }

    /// FNV-1a: the same in every process and every version.
    private static func hash(_ text: String) -> UInt64 {
        mix(text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }

    /// The finalizer of SplitMix64: each bit of it depends on all that it is given.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
