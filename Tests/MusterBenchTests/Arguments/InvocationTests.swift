import MusterCore
import Testing

@testable import MusterBench

@Suite("The words after muster-bench")
struct InvocationTests {
    private static let known = ["passes", "claims"]

    private static func parse(_ line: String) throws(Problem) -> Invocation {
        try Invocation(line.split(separator: " ").map(String.init), known: known)
    }

    @Test("name benchmarks and options in any order")
    func options() throws {
        let invocation = try Self.parse("--json claims --seed 7 --strict --folder /x --program /y/muster")
        #expect(invocation.benchmarks == ["claims"])
        #expect(invocation.isJSON && invocation.isStrict && !invocation.wantsHelp)
        #expect(invocation.seed == 7)
        #expect(invocation.folder == "/x")
        #expect(invocation.program == "/y/muster")
    }

    @Test("say on what to measure")
    func wanted() throws {
        let invocation = try Self.parse(
            "claims --engine postgres --tasks 2000000 --database postgresql://me@db/x")
        #expect(invocation.wanted == Wanted(engines: [.postgres], longQueue: 2_000_000))
        #expect(invocation.database == "postgresql://me@db/x")
        #expect(try Self.parse("claims --engine sqlite").wanted.engines == [.sqlite])
    }

    @Test("mean a table, no failure for a bound, and the usual places when they say nothing else")
    func defaults() throws {
        let invocation = try Self.parse("passes")
        #expect(!invocation.isJSON && !invocation.isStrict)
        #expect(invocation.seed == BenchPolicy.seed)
        #expect(invocation.folder == "/tmp")
        #expect(invocation.program == nil)
        #expect(invocation.wanted == Wanted(engines: [.sqlite, .postgres], longQueue: nil))
        #expect(invocation.database == nil)
    }

    @Test("can ask for every benchmark at once")
    func all() throws {
        #expect(try Self.parse("all").benchmarks == Self.known)
    }

    @Test(
        "are refused with a hint when they make no sense",
        arguments: [
            ("", "passes, claims, all"), ("claim", "did you mean claims?"),
            ("--jsn all", "did you mean --json?"),
            ("all --seed", "--seed needs a value"), ("all --seed x", "whole number"),
            ("all --seed -1", "whole number"), ("all --folder --json", "--folder needs a value"),
            ("claims --engine mysql", "sqlite or postgres"), ("claims --tasks many", "whole number"),
            ("claims --tasks 10", "at least 200000"),
        ])
    func refused(line: String, hint: String) {
        let problem = #expect(throws: Problem.self) { _ = try Self.parse(line) }
        #expect(problem?.code == .usage)
        #expect(problem?.message.contains(hint) == true, "\(problem?.message ?? "")")
    }

    @Test("can ask for help without naming anything")
    func help() throws {
        #expect(try Self.parse("-h").wantsHelp)
        let text = BenchHelp.text(Benchmark.all)
        for benchmark in Benchmark.all { #expect(text.contains("  \(benchmark.name) ")) }
    }

    @Test("are answered by a debug build with a refusal, since only release figures count")
    func debugBuild() async {
        #expect(!Build.isOptimised)
        #expect(await BenchProgram.run(["passes"]) == 2)
        #expect(await BenchProgram.run(["--nonsense"]) == 2)
        #expect(await BenchProgram.run([ReplicaProcess.word]) == 2)
    }

    @Test("find the program that was built beside this one")
    func programBeside() {
        #expect(BenchProgram.programBeside("/a/b/muster-bench") == "/a/b/muster")
        #expect(BenchProgram.programBeside("muster-bench") == "muster")
    }
}
