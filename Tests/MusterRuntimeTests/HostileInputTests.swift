import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

/// Inputs made to break a parser: they may be refused, with a problem, in bounded time, and no more.
@Suite("Hostile input")
struct HostileInputTests {
    private static let seeds = [
        "pools:\n  - id: a/b\n    min: 0\n    max: 1e2\n    text: |\n      x\n    flow: {a: [1, 'b', \"c\\n\"]}\n---\nx: ~\n",
        #"{"a":[1,-2.5e3,true,null,"x\u00e9\ud83d\ude00\n"],"b":{"c":{}},"d":""}"#,
        "%YAML 1.1\n--- !!map\n? &a *b\n: <<\n...\n",
    ]

    @Test("random changes to real texts lead to a document or a problem", arguments: 0..<8)
    func mutations(run: Int) {
        var generator = SeededGenerator(seed: UInt64(run))
        for _ in 0..<2_000 {
            let text = Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &generator)]
            check(generator.mutated(Array(text.utf8)))
        }
    }

    @Test("random bytes lead to a document or a problem")
    func randomBytes() {
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<5_000 {
            let count = Int.random(in: 0..<60, using: &generator)
            check((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
    }

    @Test(
        "a quarter of a megabyte of one thing over and over takes no more than a moment",
        arguments: [
            "- ", "[", "{", "? ", ": ", "a: ", "'", "\"", "\"\\", "|\n", "- a\n", "a\n", "%TAG !a! b\n",
            "&a ", "*a ", "!a ",
            "{a: ", "[a, ", "#", "\n", " ", "\t", "1", "9", "1e", "-", "---\n", "...\n", "%YAML 1.2\n",
            "\u{e9}", "\"a\":", "[1,", "\\u0061", "? a\n",
        ])
    func repetition(unit: String) {
        let bytes = Array(String(repeating: unit, count: (1 << 18) / unit.utf8.count).utf8)
        let time = processorTime {
            check(bytes)
            check([0x22] + bytes + [0x22])
            check([0x5b] + bytes + [0x5d])
        }
        // A second at most on a slow machine; anything quadratic takes minutes.
        #expect(time < .seconds(10))
    }

    @Test("a YAML text of nothing but different %TAG directives is no reason to be slow")
    func tagDirectives() {
        let text = (0..<150_000).map { "%TAG !\($0)! b\n" }.joined() + "---\na: 1\n"
        let time = processorTime {
            #expect(throws: Problem.self) { try YAML.document(Array(text.utf8)) }
        }
        #expect(time < .seconds(10))
    }

    @Test("many names in one object are no reason to be slow")
    func manyNames() throws {
        let members = (0..<50_000).map { "\"name-\($0)\":\($0)" }.joined(separator: ",")
        let time = try processorTime {
            guard case .object(let members) = try JSON.document(Array("{\(members)}".utf8)).value else {
                return
            }
            #expect(members.count == 50_000)
        }
        #expect(time < .seconds(10))
    }

    @Test("YAML beyond 8 MiB is refused before it is looked at")
    func tooLarge() {
        let bytes = [UInt8](repeating: 0x23, count: (8 << 20) + 1)
        #expect(throws: Problem.self) { try YAML.document(bytes) }
    }

    @Test("what JSON takes, YAML reads alike, and the canonical form reads back")
    func agreement() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let json = random(depth: 0, using: &generator).canonicalJSON
            let read = try JSON.document(Array(json.utf8))
            #expect(read.canonicalJSON == json)
            #expect(try YAML.document(Array(json.utf8)).canonicalJSON == json)
        }
    }

    /// The time that `work` took of this thread, whatever else the machine does.
    private func processorTime(_ work: () throws -> Void) rethrows -> Duration {
        func now() -> Duration {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let start = now()
        try work()
        return now() - start
    }

    /// Any error that is no `Problem`, like any crash, fails the test; typed throws leave no other.
    private func check(_ bytes: [UInt8]) {
        do throws(Problem) {
            let document = try JSON.document(bytes)
            let again = try JSON.document(Array(document.canonicalJSON.utf8))
            #expect(again.canonicalJSON == document.canonicalJSON)
        } catch {
            #expect(error.line != nil)
        }
        do throws(Problem) {
            for document in try YAML.documents(bytes) { #expect(document.line != nil) }
        } catch {
            #expect(error.line != nil)
        }
    }

    private func random(depth: Int, using generator: inout SeededGenerator) -> Document {
        switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &generator) {
        case 0: return Document(.null)
        case 1: return Document(.boolean(.random(using: &generator)))
        case 2: return Document(.integer(Int64(truncatingIfNeeded: generator.next())))
        case 3: return Document(.number(.random(in: -1e6...1e6, using: &generator)))
        case 4: return Document(.string(text(using: &generator)))
        case 5:
            return Document(.array((0..<3).map { _ in random(depth: depth + 1, using: &generator) }))
        default:
            return Document(
                .object(
                    (0..<3).map {
                        .init("\($0)\(text(using: &generator))", random(depth: depth + 1, using: &generator))
                    }))
        }
    }

    private func text(using generator: inout SeededGenerator) -> String {
        let letters = Array("aZ09 :#-?,[]{}&*!|>'\"%@`\\/\n\té€😀~")
        return String(
            (0..<Int.random(in: 0..<9, using: &generator)).compactMap { _ in
                letters.randomElement(using: &generator)
            })
    }
}
