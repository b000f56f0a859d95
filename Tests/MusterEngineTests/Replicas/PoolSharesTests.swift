import MusterCore
import MusterStore
import Testing

@testable import MusterEngine

@Suite("The shares of pools")
struct PoolSharesTests {
    private static let now = Timestamp(milliseconds: 0)
    private static let cloud = ProviderID(rawValue: "cloud")

    private func replica(
        _ name: String, role: Replica.Role = .service, providers: [ProviderID] = [cloud], living: Bool = true
    ) -> Replica {
        var replica = Replica(
            id: name + ".1", name: name, role: role, host: "", pid: 0, address: "", version: "",
            providers: providers)
        replica.expiresAt = living ? Self.now + .seconds(1) : Self.now
        return replica
    }

    private func pools(_ count: Int) -> [PoolID: ProviderID] {
        Dictionary(
            uniqueKeysWithValues: (0..<count).map { (PoolID(rawValue: "team/pool-\($0)"), Self.cloud) })
    }

    private func shares(_ names: [String], _ pools: [PoolID: ProviderID]) -> [String: Set<PoolID>] {
        let shares = PoolShares(among: names.map { replica($0) }, at: Self.now)
        return Dictionary(uniqueKeysWithValues: names.map { ($0, shares.pools(of: $0, in: pools)) })
    }

    @Test(
        "give each pool to one process, and to each about as many",
        arguments: [(0, 3), (1, 3), (2, 2), (3, 2), (8, 2), (30, 3), (100, 4), (5_000, 4), (5_000, 7)])
    func even(count: Int, replicas: Int) {
        let pools = pools(count)
        let shares = shares((0..<replicas).map { "replica-\($0)" }, pools)
        #expect(shares.values.map(\.count).reduce(0, +) == count)
        #expect(shares.values.reduce(into: Set()) { $0.formUnion($1) } == Set(pools.keys))
        let most = max((count + replicas - 1) / replicas, count * 9 / (replicas * 8))
        #expect(shares.values.allSatisfy { $0.count <= most })
    }

    @Test("of many pools move only with the process that comes or goes", arguments: [2, 3, 4, 8])
    func stable(replicas: Int) {
        let pools = pools(5_000)
        let names = (0..<replicas).map { "replica-\($0)" }
        let before = shares(names, pools)
        let after = shares(names + ["new"], pools)
        for name in names {
            #expect(after[name]?.subtracting(before[name] ?? []).isEmpty == true)
        }
        #expect(after["new"]?.count ?? 0 > 5_000 / (replicas + 1) * 3 / 4)
    }

    @Test("of few pools move little")
    func stableFew() {
        let pools = pools(12)
        let before = shares(["a", "b", "c"], pools)
        let after = shares(["a", "b"], pools)
        let moved = ["a", "b"].map { before[$0]?.subtracting(after[$0] ?? []).count ?? 0 }.reduce(0, +)
        #expect(moved <= 2)
    }

    @Test("are those of processes that are there for good, and can reach the pool's provider")
    func able() {
        let other = ProviderID(rawValue: "other")
        let nobodys = ProviderID(rawValue: "nobody's")
        var pools = pools(20)
        for number in 0..<5 {
            pools[PoolID(rawValue: "other/\(number)")] = other
            pools[PoolID(rawValue: "nobody/\(number)")] = nobodys
        }
        let replicas = [
            replica("a"), replica("b", providers: [Self.cloud, other]), replica("run", role: .run),
            replica("dead", living: false),
        ]
        let shares = PoolShares(among: replicas, at: Self.now)
        let (a, b) = (shares.pools(of: "a", in: pools), shares.pools(of: "b", in: pools))
        #expect(a.isDisjoint(with: b) && a.union(b) == Set(pools.keys))
        #expect(a.allSatisfy { pools[$0] != other })
        // Also those that no process can do anything for: one of them says so.
        #expect(pools.filter { $0.value == nobodys }.allSatisfy { a.contains($0.key) || b.contains($0.key) })
        let alone = PoolShares(among: [replica("a", providers: [])], at: Self.now)
        #expect(alone.pools(of: "a", in: pools) == Set(pools.keys))
    }
}
