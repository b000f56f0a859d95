import MusterCore

/// What the words after the program's name ask for.
struct Invocation: Hashable, Sendable {
    /// The benchmarks to run, by name.
    var benchmarks: [String] = []
    /// Whether the report is JSON.
    var isJSON = false
    /// Whether a promise that is not kept is a failure.
    var isStrict = false
    /// Whether only the help is wanted.
    var wantsHelp = false
    /// What chance begins with.
    var seed = BenchPolicy.seed
    /// The folder in which databases are made.
    var folder = "/tmp"
    /// The `muster` to measure; nil for the one beside this program.
    var program: String?

    /// The word for all benchmarks.
    static let all = "all"

    /// Reads the words.
    ///
    /// - Parameter known: the names of the benchmarks.
    /// - Throws: `Problem` `usage`.
    init(_ words: [String], known: [String]) throws(Problem) {
        var words = words[...]
        while let word = words.popFirst() {
            switch word {
            case "--json": isJSON = true
            case "--strict": isStrict = true
            case "--help", "-h": wantsHelp = true
            case "--seed":
                guard let seed = UInt64(try Self.value(of: word, &words)) else {
                    throw Problem(.usage, "--seed must be a whole number")
                }
                self.seed = seed
            case "--folder": folder = try Self.value(of: word, &words)
            case "--program": program = try Self.value(of: word, &words)
            case Self.all: benchmarks += known
            case _ where known.contains(word): benchmarks.append(word)
            default: throw Self.unknown(word, known)
            }
        }
        if benchmarks.isEmpty, !wantsHelp {
            throw Problem(.usage, "name a benchmark: \((known + [Self.all]).joined(separator: ", "))")
        }
    }

    private static let options = ["--json", "--strict", "--help", "--seed", "--folder", "--program"]

    private static func value(of option: String, _ words: inout ArraySlice<String>) throws(Problem) -> String
    {
        guard let value = words.popFirst(), !value.hasPrefix("--") else {
            throw Problem(.usage, "\(option) needs a value")
        }
        return value
    }

    private static func unknown(_ word: String, _ known: [String]) -> Problem {
        let kind = word.hasPrefix("-") ? "option" : "benchmark"
        let near = Spelling.nearest(to: word, among: kind == "option" ? options : known + [all])
        return Problem(
            .usage, "there is no \(kind) \(word.prefix(80))\(near.map { "; did you mean \($0)?" } ?? "")")
    }
}
