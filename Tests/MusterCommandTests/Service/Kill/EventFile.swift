import FoundationEssentials
import MusterCore
import MusterRuntime

/// What was delivered to a JSON Lines file.
struct EventFile {
    /// An event as it stands in the file.
    struct Line: Decodable, Hashable {
        let id: String
        let type: String
        let subject: String
        let data: Details

        /// What the checks ask of it.
        struct Details: Decodable, Hashable {
            let launchId: String?
            let instances: Int?
            let obtained: Int?
        }

        /// Its place in the order of commits.
        var position: Int { Int(id) ?? -1 }
        var eventType: EventType? { EventType(rawValue: type) }
    }

    /// Everything in the order of the file, repeats included.
    let lines: [Line]

    /// A line that a crash has cut off says nothing: its events come again, or the positions have a gap.
    init(path: String) throws {
        let bytes = try TextFile.read(path, limit: 256 << 20)
        let decoder = JSONDecoder()
        lines = bytes.split(separator: UInt8(ascii: "\n")).compactMap {
            try? decoder.decode(Line.self, from: Data($0))
        }
    }

    /// Every event once, in the order of first deliveries.
    var firstDeliveries: [Line] {
        var seen: Set<String> = []
        return lines.filter { seen.insert($0.id).inserted }
    }

    /// The subjects of events of a type.
    func subjects(of type: EventType) -> [String] {
        firstDeliveries.filter { $0.eventType == type }.map(\.subject)
    }

    /// How many events of each type a subject has had.
    func history() -> [String: [EventType: Int]] {
        var history: [String: [EventType: Int]] = [:]
        for line in firstDeliveries {
            guard let type = line.eventType else { continue }
            history[line.subject, default: [:]][type, default: 0] += 1
        }
        return history
    }
}
