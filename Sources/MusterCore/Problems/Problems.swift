/// Several problems found in one input; never empty.
public struct Problems: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the order found.
    public let all: [Problem]

    /// Gathers problems; nil when there are none.
    public init?(_ all: [Problem]) {
        guard !all.isEmpty else { return nil }
        self.all = all
    }

    /// A single problem.
    public init(_ problem: Problem) { all = [problem] }

    /// One problem a line.
    public var description: String { all.map(\.description).joined(separator: "\n") }
}
