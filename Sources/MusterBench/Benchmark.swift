import Glibc
import MusterCore
import MusterRuntime

/// Something that can be measured.
struct Benchmark: Sendable {
    /// The word that calls it; its figures' names begin with it.
    let name: String
    /// Half a sentence for the help.
    let summary: String
    /// What it must give, no more and no less: a promise about a figure that was forgotten would be kept by
    /// silence.
    let figures: @Sendable (Wanted) -> [FigureName]
    /// Builds the scene and measures.
    let run: @Sendable (Surroundings) async throws -> [Figure]

    /// All there are, in the order in which `all` runs them.
    static let all: [Benchmark] = [
        .decide, .passes, .latency, .claims, .limits, .replicas, .launch, .reconcile, .chaos, .http,
        .footprint,
    ]

    /// Runs it.
    ///
    /// - Throws: `Problem` when the scene could not be built or did something else than it was built for.
    func measured(in surroundings: Surroundings) async throws -> [Figure] {
        let names = figures(surroundings.wanted)
        guard !names.isEmpty else { return [] }
        let measured = try await run(surroundings)
        guard measured.map(\.name) == names else {
            throw Problem(.internalError, "the benchmark \(name) gave other figures than it has")
        }
        return measured
    }
}

/// What is to be measured where a benchmark leaves a choice.
struct Wanted: Hashable, Sendable {
    /// The engines of the store.
    var engines = BenchEngine.allCases
    /// How many tasks wait in the queue that is compared with the usual one; nil for no such queue.
    var longQueue: Int?
}

/// What every benchmark finds around it.
struct Surroundings: Sendable {
    /// What chance begins with.
    let seed: UInt64
    /// The folder below which it makes its own.
    let folder: String
    /// The `muster` to measure.
    let program: String
    /// This program.
    let ownProgram: String
    /// What is to be measured.
    let wanted: Wanted
    /// The PostgreSQL database to measure on.
    let postgres: PostgresGround

    /// Makes sure that the `muster` to measure is there.
    func requireProgram() throws(Problem) {
        guard ExecutablePath.isExecutable(program) else {
            throw Problem(
                .usage, "there is no program \(program): swift build -c release --product muster")
        }
    }

    /// Tells a person what is going on; the report goes elsewhere.
    func say(_ line: String) { Diagnostics.write("== \(line)") }
}

/// What is written beside the report.
enum Diagnostics {
    private static let output = OwnedDescriptor(dup(2))

    /// Writes a line to the standard errors.
    static func write(_ line: String) {
        // That nobody reads it changes no figure.
        try? output.writeAll(Array((line + "\n").utf8))
    }
}
