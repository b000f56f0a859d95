import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import Testing

@testable import MusterServer

@Suite("Registering a worker over HTTP", .timeLimit(.minutes(1)))
struct RegistrationRouteTests {
    private let path = "/api/worker-manager/v1/worker/register"

    @Test(
        "needs no credentials, and answers as the worker-manager API does",
        arguments: ServedEngine.Way.allCases)
    func shape(way: ServedEngine.Way) async throws {
        try await ServedEngine.with { served in
            let key = try await served.requestedWorkers(1)[0]
            let response = try await served.call(
                .post, path, body: served.registration(key), by: way)
            #expect(response.status == 200)
            #expect(response.header("Content-Type") == "application/json")
            let answer = try response.document
            #expect(answer.names == ["expires", "credentials", "workerConfig", "secret"])
            let credentials = try #require(answer["credentials"])
            #expect(credentials.names == ["clientId", "accessToken"])
            #expect(credentials["clientId"]?.text == "worker/scripted/demo/build/here/\(key.id)")
            #expect(credentials["accessToken"]?.text?.isEmpty == false)
            #expect(answer["workerConfig"]?.canonicalJSON == #"{"colour":"blue"}"#)
            let secret = try #require(answer["secret"]?.text)
            #expect(secret.utf8.count == 44 && secret.wholeMatch(of: /[a-zA-Z0-9_-]+/) != nil)
            let expires = try #require(answer["expires"]?.text.flatMap { Timestamp($0) })
            let life = expires - served.engine.now
            #expect(life > .seconds(95 * 3_600) && life <= .seconds(96 * 3_600))
        }
    }

    @Test("again with the same proof gives the same answer")
    func again() async throws {
        try await ServedEngine.with { served in
            let key = try await served.requestedWorkers(1)[0]
            let first = try await served.call(.post, path, body: served.registration(key))
            let second = try await served.call(.post, path, body: served.registration(key))
            #expect(first.status == 200 && first.body == second.body)
        }
    }

    @Test("takes the fields of the worker-manager API that it makes no use of")
    func otherFields() async throws {
        try await ServedEngine.with { served in
            let key = try await served.requestedWorkers(1)[0]
            let body = served.registration(key).dropLast() + #","systemBootTime":"2026-11-21T07:30:00.000Z"}"#
            #expect(try await served.call(.post, path, body: String(body)).status == 200)
        }
    }

    @Test("is refused with the field and the reason")
    func refused() async throws {
        try await ServedEngine.with { served in
            let key = try await served.requestedWorkers(1)[0]
            let good = served.registration(key)
            let cases: [(String, Int, String, String?)] = [
                (served.registration(key, token: "wrong"), 400, "registration-refused", nil),
                (good.replacing("demo/build", with: "demo/none"), 404, "pool-not-found", "workerPoolId"),
                (good.replacing("demo/build", with: "Demo"), 400, "input-invalid", "workerPoolId"),
                (good.replacing("scripted", with: "moon"), 400, "provider-unknown", "providerId"),
                (
                    good.replacing(/"token":"[^"]*",/, with: ""), 400, "input-invalid",
                    "workerIdentityProof.token"
                ),
                (good.replacing(#""workerGroup":"here","#, with: ""), 400, "input-invalid", "workerGroup"),
                ("[]", 400, "input-invalid", nil), ("", 400, "input-malformed", nil),
                ("{\n\"workerPoolId\": nope}", 400, "input-malformed", nil),
            ]
            for (body, status, code, field) in cases {
                let response = try await served.call(.post, path, body: body)
                let error = try response.error
                #expect(response.status == status, "\(body)")
                #expect(error.code == code && error.field == field, "\(body)")
                #expect(error.message.contains("wrong") == false || code == "input-malformed")
            }
            #expect(try await served.store.read { try await $0.worker(key) }?.state == .requested)
        }
    }
}
