import MusterCore
import MusterRuntime

@testable import MusterClouds

/// The files under fixtures, by their paths there.
enum AWSFixtures {
    static let folder = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/fixtures"

    static func bytes(_ name: String) throws(Problem) -> [UInt8] {
        try TextFile.read("\(folder)/\(name)", limit: 8 << 20)
    }

    static func text(_ name: String) throws(Problem) -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }
}
