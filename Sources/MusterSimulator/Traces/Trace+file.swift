public import MusterCore
import MusterRuntime

extension Trace {
    /// Reads a recorded workload: a table when the file begins like one or is called `.csv`, else binary records.
    ///
    /// - Parameter path: the file, or "-" for the standard input.
    /// - Throws: `Problem` `file-failed`, `input-too-large`, or what is wrong with the content.
    public init(file path: String) throws(Problem) {
        let bytes = try TextFile.read(path, limit: SimulatorPolicy.largestTrace)
        let name = path == "-" ? "standard input" : String(path.split(separator: "/").last ?? "")
        if Self.isCSV(bytes) || name.hasSuffix(".csv") {
            try self.init(name: name, csv: bytes)
        } else {
            try self.init(name: name, binary: bytes)
        }
    }
}
