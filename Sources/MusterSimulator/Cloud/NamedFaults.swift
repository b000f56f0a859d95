public import MusterCore
import MusterRuntime

/// What often goes wrong, under names, so that nobody need write a file for it.
public enum NamedFaults: String, CaseIterable, Sendable {
    /// Half of the launch configs are out for a quarter of the span, and then half of what is asked of them fails
    /// for a fifth.
    case halfOut = "half-out"
    /// Every launch config is out for a twentieth of the span.
    case allOut = "all-out"
    /// The first launch config gets an image that never registers, for a quarter of the span.
    case badImage = "bad-image"
    /// Instances are taken back once in two hours on average, for a quarter of the span.
    case spotStorm = "spot-storm"
    /// Calls are refused for a fiftieth of the span.
    case throttling

    /// What goes wrong in a pool of so many launch configs.
    public func faults(launchConfigs count: Int) -> [CloudFault] {
        let half = Set(0..<max(1, count / 2))
        return switch self {
        case .halfOut:
            [
                CloudFault(.outage, configs: half, from: .share(0.25), until: .share(0.5)),
                CloudFault(.errors(ratio: 0.5), configs: half, from: .share(0.5), until: .share(0.7)),
            ]
        case .allOut: [CloudFault(.outage, from: .share(0.4), until: .share(0.45))]
        case .badImage: [CloudFault(.badImage, configs: [0], from: .share(0.25), until: .share(0.5))]
        case .spotStorm:
            [
                CloudFault(
                    .interruptions(perHour: 0.5, notice: SimulatorPolicy.spotNotice), from: .share(0.25),
                    until: .share(0.5))
            ]
        case .throttling:
            [
                CloudFault(
                    .throttling(retryAfter: .seconds(5)), from: .share(0.4), until: .share(0.42))
            ]
        }
    }
}

extension CloudFault {
    /// The faults of that name, or of the file there: an object with a list `faults`.
    ///
    /// - Parameter configs: the names of the pool's launch configs.
    /// - Throws: `Problem` that lists the names when there is no such file, `Problems` of what is in it.
    public static func named(_ nameOrFile: String, configs: [LaunchConfigID]) throws -> [CloudFault] {
        if let named = NamedFaults(rawValue: nameOrFile) { return named.faults(launchConfigs: configs.count) }
        let bytes: [UInt8]
        do {
            bytes = try TextFile.read(nameOrFile, limit: SimulatorPolicy.largestScript)
        } catch {
            let names = NamedFaults.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(error.code, "\(error.message); or name one of \(names)")
        }
        let reader = DocumentReader(try JSON.document(bytes))
        let faults = read(reader, "faults", configs: configs)
        if !reader.has("faults") { reader.refuse("faults", "is missing") }
        try reader.finish()
        return faults
    }
}
