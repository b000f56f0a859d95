import MusterCore
import MusterEngine
import MusterRuntime

/// The name by which a process is known to those that it shares its database with.
///
/// A service keeps its name in its state folder: when it is started again, others know that the one before is over,
/// and it goes on with the same share of the pools. A folder has one service at a time, since it has one socket.
enum ReplicaName {
    static func choose(
        _ configuration: Configuration, _ purpose: ServiceParts.Purpose, _ facts: ReplicaFacts
    ) throws -> String {
        let new = "\(facts.host)-\(facts.pid)-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
        guard purpose == .service, configuration.database.isShared else { return new }
        let path = configuration.state + "/replica"
        // A folder that was copied from another machine has that one's.
        if let bytes = try? TextFile.read(path, limit: ServicePolicy.longestReplicaName),
            case let kept = String(decoding: bytes, as: UTF8.self), kept.hasPrefix("\(facts.host)-"),
            kept.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        {
            return kept
        }
        try DurableFile.write(Array(new.utf8), to: path, mode: 0o600)
        return new
    }
}
