/// The help of `muster-bench`.
enum BenchHelp {
    /// Its text; `benchmarks` are those that there are.
    static func text(_ benchmarks: [Benchmark]) -> String {
        let entries = (benchmarks.map { ($0.name, $0.summary) } + [(Invocation.all, "every one of them")])
            .map { "  \($0 + String(repeating: " ", count: 12 - $0.count))\($1)" }
        return """
            Usage: muster-bench BENCHMARK... [OPTION...]

            Measures this build of Muster against baselines of the same run, and says which of the promised
            bounds hold.

            Benchmarks:
            \(entries.joined(separator: "\n"))

            Options:
              --json           write JSON, for programs
              --strict         exit 1 when a bound does not hold
              --seed N         what chance begins with (\(BenchPolicy.seed))
              --folder PATH    make the databases there (/tmp): the file system decides what a commit costs
              --program PATH   the muster to measure (the one beside this program)
              --engine NAME    sqlite or postgres alone, where both are measured
              --tasks N        claims: a queue with so many tasks too, beside the usual one
              --database URL   the PostgreSQL database to measure on (a server of its own)

            Examples:
              swift build -c release && .build/release/muster-bench all
              .build/release/muster-bench claims latency --json --strict
              .build/release/muster-bench claims --engine postgres --tasks 2000000
            """
    }
}
