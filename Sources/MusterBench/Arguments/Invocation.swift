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
    /// What is to be measured where there is a choice.
    var wanted = Wanted()
    /// The connection string of the PostgreSQL database to measure on; nil for a server of its own.
    var database: String?

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
            case "--database": database = try Self.value(of: word, &words)
            case "--engine": wanted.engines = [try Self.engine(try Self.value(of: word, &words))]
            case "--tasks":
                guard let tasks = Int(try Self.value(of: word, &words)), tasks >= BenchPolicy.queuedTasks
                else {
                    throw Problem(
                        .usage, "--tasks must be a whole number of at least \(BenchPolicy.queuedTasks)")
                }
                wanted.longQueue = tasks
            case Self.all: benchmarks += known
            case _ where known.contains(word): benchmarks.append(word)
            default: throw Self.unknown(word, known)
            }
        }
        if benchmarks.isEmpty, !wantsHelp {
            throw Problem(.usage, "name a benchmark: \((known + [Self.all]).joined(separator: ", "))")
        }
    }

    /// The words that begin with dashes.
    static let options = [
        "--json", "--strict", "--help", "--seed", "--folder", "--program", "--engine", "--tasks",
        "--database",
    ]

    private static func engine(_ word: String) throws(Problem) -> BenchEngine {
        guard let engine = BenchEngine(rawValue: word) else {
            let known = BenchEngine.allCases.map(\.rawValue).joined(separator: " or ")
            throw Problem(.usage, "--engine must be \(known)")
        }
        return engine
    }

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
