import MusterCore
import MusterRuntime
import Testing

@testable import MusterClouds

@Suite("Local calls", .timeLimit(.minutes(3))) struct LocalCallTests {
    private static let content = Document.object([
        "environment": .object(["B": "2", "A": "1"]), "folder": "/", "wrapper": .list("nice"),
        "limits": .object(["openFiles": 64]),
    ])

    @Test("a call is written the same way each time, and reads back") func stable() async throws {
        try await LocalScene.run { scene in
            let order = scene.provider().order(2, content: Self.content)
            let body = try scene.provider().render(order)
            #expect(try scene.provider("another command").render(order) == body)
            #expect(
                body == """
                    {"capacity":3,"content":{"command":[],"environment":{"A":"1","B":"2"},"folder":"/",\
                    "limits":{"openFiles":64},"wrapper":["nice"]},\
                    "instances":["l01jexample0000000000000000-0","l01jexample0000000000000000-1"],\
                    "launch":"l01jexample0000000000000000","launchConfig":"lc-1","pool":"proj/linux",\
                    "serviceURL":"http://127.0.0.1:8080"}
                    """)
            #expect(LocalCall(text: body)?.text == body)
        }
    }

    @Test("content that is wrong is not written") func wrong() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider()
            let order = provider.order(1, content: .object(["folder": "nowhere"]))
            let problem = #expect(throws: Problem.self) { try provider.render(order) }
            #expect(problem?.field == "folder")
            #expect(provider.problems(in: order.content).map(\.field) == ["folder"])
        }
    }

    @Test("a body that is not the launch's starts nothing", arguments: ["", "{}", "other"])
    func foreign(_ body: String) async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider()
            let other = LaunchID(rawValue: "another")
            let text =
                body == "other"
                ? try provider.render(provider.order(1, content: .object([:]), id: other)) : body
            let call = LaunchCall(launchID: LocalScene.launch, body: text) { _ in Secret("x") }
            guard case .answered(let instances, let refusals) = await provider.launch(call) else {
                Issue.record("not answered")
                return
            }
            #expect(instances.isEmpty)
            #expect(refusals.map(\.error.kind) == [.invalidConfig])
            #expect(try await provider.list().isEmpty)
        }
    }
}
