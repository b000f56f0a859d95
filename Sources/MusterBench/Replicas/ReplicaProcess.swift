import Dispatch
import Glibc
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// A process of this program that works on a database beside others, as a service does.
enum ReplicaProcess {
    /// The word that makes this program such a process; not meant for people.
    static let word = "replica"

    /// Works until nobody holds the other end of its input any more.
    ///
    /// - Parameter words: the database's connection string, the ledger's path, what chance begins with.
    static func run(_ words: [String]) async throws {
        guard words.count == 3, let seed = UInt64(words[2]) else {
            throw Problem(.usage, "\(word) is what muster-bench starts for itself")
        }
        let store = try await PostgresStore.open(try PostgresAddress(words[0]))
        let provider = try LedgerProvider(Scene.providerID, file: words[1])
        let context = Scene.context(
            store, clock: store.clock, provider, holder: "replica-\(getpid())", seed: seed ^ UInt64(getpid()))
        let engine = Engine(context, fleet: Scene.fleet, sinks: [])
        engine.start()
        await inputsEnd()
        await engine.stop(within: BenchPolicy.replicaStop)
        await store.close()
    }

    private static func inputsEnd() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                // Whatever it reads or fails with: there is nothing more to wait for.
                _ = try? OwnedDescriptor(dup(0)).readAll(limit: 1)
                continuation.resume()
            }
        }
    }
}
