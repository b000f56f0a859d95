import MusterRuntime
import Testing

@testable import MusterCore

@Suite("Identifiers")
struct IdentifierTests {
    private static let longest = String(repeating: "x", count: 38)

    static let pools: [(text: String, isOne: Bool)] = [
        ("a/b", true), ("A/b", true), ("proj-a_1/build-linux-2", true), ("-/b", true), ("_/b", true),
        ("1/b", true), ("\(longest)/\(longest)", true), ("a/b1", true), ("a/b-c", true), ("a/b--c", true),
        ("", false), ("/", false), ("a", false), ("a/", false), ("/b", false), ("a/b/c", false),
        ("a//b", false), ("\(longest)x/b", false), ("a/\(longest)x", false), ("a/B", false), ("a/bC", false),
        ("a/1b", false), ("a/-b", false), ("a/b-", false), ("a/b_c", false), ("a b/c", false),
        ("a/b c", false), ("a/b\n", false), ("\na/b", false), ("ä/b", false), ("a/bä", false),
        ("a%2Fb", false), ("a.b/c", false), ("a/b\0", false),
    ]

    @Test("A pool's name is owner/name", arguments: pools)
    func pool(text: String, isOne: Bool) {
        #expect(PoolID.accepts(text) == isOne)
    }

    @Test("A pool's name has its two parts")
    func parts() {
        let pool = PoolID(rawValue: "proj-a/build")
        #expect(pool.owner == "proj-a" && pool.name == "build")
    }

    static let names: [(text: String, isOne: Bool)] = [
        ("a", true), ("Z", true), ("0", true), ("-", true), ("_", true), ("us-east-1_A", true),
        (longest, true), ("", false), ("\(longest)x", false), ("a b", false), ("a/b", false), ("a.b", false),
        ("a\n", false), ("ä", false), ("a\0", false), ("a:b", false), ("a*", false),
    ]

    @Test("The other names are 1 to 38 letters, digits, - and _", arguments: names)
    func name(text: String, isOne: Bool) {
        #expect(ProviderID.accepts(text) == isOne)
        #expect(LaunchConfigID.accepts(text) == isOne)
        #expect(LaunchID.accepts(text) == isOne)
        #expect(WorkerGroup.accepts(text) == isOne)
        #expect(WorkerID.accepts(text) == isOne)
        #expect(TaskID.accepts(text) == isOne)
    }

    static let tenants: [(text: String, isOne: Bool)] = [
        ("alice", true), ("Team Ä / 7", true), (" ", true), (String(repeating: "x", count: 128), true),
        (String(repeating: "ä", count: 64), true), ("🚀", true), ("", false),
        (String(repeating: "x", count: 129), false), (String(repeating: "ä", count: 65), false),
        ("a\nb", false), ("a\u{1b}[2J", false), ("\u{7f}", false), ("a\0", false),
        // Terminals obey these too, in one byte or two.
        ("a\u{9b}2J", false), ("\u{85}", false),
    ]

    @Test("A tenant is any text that could be written in a line", arguments: tenants)
    func tenant(text: String, isOne: Bool) {
        #expect(Tenant.accepts(text) == isOne)
    }

    @Test("A refusal names the field and the rule, and shows no more than the beginning of the text")
    func refusal() throws {
        let problem = #expect(throws: Problem.self) {
            try WorkerID(validating: String(repeating: "\n", count: 5_000), field: "workerId")
        }
        #expect(problem?.code == .inputInvalid && problem?.field == "workerId")
        #expect(problem?.message.hasSuffix("is not a worker id: 1 to 38 letters, digits, - and _") == true)
        #expect((problem?.message.utf8.count ?? 0) < 300)
    }

    @Test("In JSON an identifier is its text, and what does not fit is refused with its place")
    func json() throws {
        let key = WorkerKey(
            poolID: PoolID(rawValue: "a/b"), group: WorkerGroup(rawValue: "g"), id: WorkerID(rawValue: "w"))
        let text = #"{"workerPoolId":"a/b","workerGroup":"g","workerId":"w"}"#
        let written = try JSON.document(JSON.encode(key)).canonicalJSON
        #expect(try written == JSON.document(Array(text.utf8)).canonicalJSON)
        #expect(try JSON.decode(WorkerKey.self, from: Array(text.utf8)) == key)
        #expect(key.description == "a/b/g/w")
        let wrong = #"{"workerPoolId":"a/b","workerGroup":"g h","workerId":"w"}"#
        let problem = #expect(throws: Problem.self) {
            try JSON.decode(WorkerKey.self, from: Array(wrong.utf8))
        }
        #expect(problem?.field == "workerGroup" && problem?.code == .inputInvalid)
    }

    @Test("Workers are in the order of pool, group and name")
    func order() {
        func key(_ pool: String, _ group: String, _ id: String) -> WorkerKey {
            WorkerKey(
                poolID: PoolID(rawValue: pool), group: WorkerGroup(rawValue: group),
                id: WorkerID(rawValue: id))
        }
        let sorted = [
            key("a/b", "g", "w"), key("a/b", "g", "x"), key("a/b", "h", "a"), key("b/a", "a", "a"),
        ]
        #expect(Array(sorted.reversed()).sorted() == sorted)
    }
}
