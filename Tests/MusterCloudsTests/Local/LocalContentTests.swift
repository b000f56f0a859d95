import MusterCore
import Testing

@testable import MusterClouds

@Suite("Local launch configs") struct LocalContentTests {
    private let users = AllowedUsers(names: ["builder"], isRoot: true)

    @Test("everything that may be said is read") func everything() {
        let (content, problems) = LocalContent.read(
            .object([
                "environment": .object(["A": "1", "_b2": 2]), "folder": "/srv", "user": "builder",
                "wrapper": .list("nice", "-n", "5"),
                "limits": .object([
                    "openFiles": 100, "memoryMiB": 512, "processes": 50, "cpuSeconds": 60, "fileSizeMiB": 10,
                ]),
                "workerConfig": .object(["anything": .list("at", "all")]),
            ]), users: users)
        #expect(problems.isEmpty)
        #expect(content.environment == ["A": "1", "_b2": "2"])
        #expect(content.folder == "/srv")
        #expect(content.user == "builder")
        #expect(content.wrapper == ["nice", "-n", "5"])
        #expect(
            content.limits
                == .init(openFiles: 100, memoryMiB: 512, processes: 50, cpuSeconds: 60, fileSizeMiB: 10))
    }

    @Test("nothing need be said", arguments: [Document(.null), .object([:])])
    func nothing(_ content: Document) {
        #expect(LocalContent.read(content, users: users).problems.isEmpty)
        #expect(LocalContent.read(content, users: users).content == LocalContent())
    }

    @Test(
        "what is wrong is said, with its field",
        arguments: [
            (Document.list("a"), "", "must be an object"),
            (.object(["enviroment": 1]), "enviroment", "did you mean environment"),
            (.object(["environment": .object(["MUSTER_WORKER_ID": "x"])]), "environment", "Muster's own"),
            (.object(["environment": .object(["1A": "x"])]), "environment", "no digit first"),
            (.object(["environment": .object(["A-B": "x"])]), "environment", "letters, digits and _"),
            (.object(["environment": .object(["": "x"])]), "environment", "letters, digits and _"),
            (.object(["environment": .object(["A": "x\0y"])]), "environment", "zero byte"),
            (.object(["environment": .object(["A": .list("x")])]), "environment.A", "must be a string"),
            (.object(["folder": "srv"]), "folder", "absolute"),
            (.object(["folder": 3]), "folder", "must be a string"),
            (.object(["user": "root"]), "user", "not one of the users"),
            (.object(["wrapper": .list("")]), "wrapper", "begin with a program"),
            (.object(["wrapper": .list("a", "\0")]), "wrapper", "zero bytes"),
            (.object(["wrapper": "nice"]), "wrapper", "must be a list"),
            (.object(["limits": .object(["openFiles": 1])]), "limits.openFiles", "from 16"),
            (.object(["limits": .object(["memory": 1])]), "limits.memory", "not a known field"),
            (.object(["limits": 1]), "limits", "must be an object"),
            (.object(["workerConfig": 1]), "workerConfig", "must be an object"),
        ])
    func wrong(_ content: Document, _ field: String, _ words: String) throws {
        let problems = LocalContent.read(content, users: users).problems
        let problem = try #require(problems.first)
        #expect(problem.field == field)
        #expect(problem.message.contains(words))
        #expect(problems.count == 1)
    }

    @Test("another user needs a Muster that runs as root") func notRoot() {
        let users = AllowedUsers(names: ["builder"], isRoot: false)
        let problems = LocalContent.read(.object(["user": "builder"]), users: users).problems
        #expect(problems.map(\.message) == ["needs a Muster that runs as root"])
    }
}
