import MusterCore

extension Problem {
    /// The same problem, with the file in front of its line.
    func located(in file: String) -> Problem {
        var located = self
        let name = file == "-" ? "the standard input" : file
        located.message = "\(name)\(line.map { ":\($0)" } ?? ""): \(field.map { "\($0): " } ?? "")\(message)"
        located.field = nil
        located.line = nil
        return located
    }
}
