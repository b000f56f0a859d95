import FoundationEssentials
import MusterCore
import MusterRuntime

/// The program: from words to an exit code.
enum BenchProgram {
    /// Runs what the words ask for: 0 done, 1 failed or a bound not kept, 2 used wrongly.
    static func run(_ words: [String]) async -> Int32 {
        do {
            if words.first == ReplicaProcess.word {
                try await ReplicaProcess.run(Array(words.dropFirst()))
                return 0
            }
            let invocation = try Invocation(words, known: Benchmark.all.map(\.name))
            if invocation.wantsHelp {
                print(BenchHelp.text(Benchmark.all))
                return 0
            }
            guard Build.isOptimised else {
                throw Problem(
                    .usage, "only release builds are measured: swift build -c release --product muster-bench")
            }
            let report = try await report(invocation)
            write(report, asJSON: invocation.isJSON)
            return invocation.isStrict && !report.holds ? 1 : 0
        } catch {
            Diagnostics.write("muster-bench: \((error as? Problem)?.message ?? "\(error)")")
            return (error as? Problem)?.code == .usage ? 2 : 1
        }
    }

    private static func report(_ invocation: Invocation) async throws -> Report {
        let postgres = PostgresGround(given: invocation.database, folder: invocation.folder)
        do {
            let report = try await report(invocation, on: postgres)
            await postgres.close()
            return report
        } catch {
            await postgres.close()
            throw error
        }
    }

    private static func report(_ invocation: Invocation, on postgres: PostgresGround) async throws -> Report {
        let surroundings = Surroundings(
            seed: invocation.seed, folder: invocation.folder,
            program: invocation.program ?? programBeside(ownPath), ownProgram: ownPath,
            wanted: invocation.wanted, postgres: postgres)
        var figures: [Figure] = []
        for benchmark in Benchmark.all where invocation.benchmarks.contains(benchmark.name) {
            figures += try await benchmark.measured(in: surroundings)
        }
        return Report(
            machine: MachineFacts.read(
                scratch: invocation.folder, postgres: try await postgres.version()),
            seed: invocation.seed, figures: figures)
    }

    private static func write(_ report: Report, asJSON: Bool) {
        if asJSON {
            print(String(decoding: JSON.encode(ReportDocument(report), pretty: true), as: UTF8.self))
        } else {
            print(ReportText(report).lines.joined(separator: "\n"))
        }
    }

    private static var ownPath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }

    /// The `muster` that was built together with the program at `path`.
    static func programBeside(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast().map { $0 + "/" }.joined()
            + "muster"
    }
}
