import Glibc
import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterServer

@Suite("Upkeep", .timeLimit(.minutes(1)))
struct UpkeepRouteTests {
    @Test("the doctor tells of every check, and a running service's loops are among them")
    func doctor() async throws {
        try await ServedEngine.with { served in
            try await served.define()
            let response = try await served.call(.get, APIPath.doctor)
            #expect(response.status == 200)
            let report = try JSON.decode(DoctorReport.self, from: response.body)
            let loops = report.findings.first { $0.name == "loops" }
            #expect(loops?.state == .ok && loops?.message.contains("loops run") == true)
            #expect(report.findings.count == Set(report.findings.map(\.name)).count)
        }
    }

    @Test("a full recount tells what it mended, and mends it once")
    func recount() async throws {
        try await ServedEngine.with { served in
            try await served.define(workers: 0)
            _ = try await served.store.write(in: .store) {
                try await $0.run(
                    "INSERT INTO demand (pool_id, limit_set, pending) VALUES ('demo/build', '', 3)")
            }
            let first = try await served.call(.post, APIPath.recount)
            let mended = try JSON.decode(RecountReport.self, from: first.body).differences
            #expect(mended.map(\.counter) == [.demand] && mended[0].stored == 3 && mended[0].counted == 0)
            let second = try await served.call(.post, APIPath.recount)
            #expect(try JSON.decode(RecountReport.self, from: second.body).differences.isEmpty)
        }
    }

    @Test(
        "a backup is written to an absolute path, is noted in the audit, and is never written twice",
        .enabled(if: StoreEngine.chosen == .sqlite, "other engines are backed up by their own means"))
    func backup() async throws {
        let folder = try TemporaryFolder()
        try await ServedEngine.with { served in
            try await served.define()
            let path = folder.path + "/copy.db"
            let body = "{\"path\": \"\(path)\"}"
            let response = try await served.call(.post, APIPath.backup, body: body)
            #expect(response.status == 200)
            let facts = try JSON.decode(BackupFacts.self, from: response.body)
            let size = try FileSize.of(path)
            #expect(facts.path == path && facts.bytes == size)
            let again = try await served.call(.post, APIPath.backup, body: body)
            #expect(again.status == 409)
            #expect(try again.error.code == "conflict")
            let audit = try await served.store.read {
                try await $0.rows("SELECT * FROM audit WHERE action = 'backup'")
            }
            #expect(try audit.map { try $0.text("actor") } == ["local user \(LocalUser.name(of: geteuid()))"])
        }
    }

    @Test(
        "a backup to nowhere, or asked for wrongly, is refused with the field",
        arguments: [
            ("{}", "path"), (#"{"path": "copy.db"}"#, "path"), (#"{"path": "/tmp/a\u0000b"}"#, "path"),
            (#"{"path": 7}"#, "path"), (#"{"path": "/tmp/muster-never", "replacing": "yes"}"#, "replacing"),
            (#"{"path": "/tmp/muster-never", "force": true}"#, "force"),
        ])
    func refused(body: String, field: String) async throws {
        try await ServedEngine.with { served in
            let response = try await served.call(.post, APIPath.backup, body: body)
            #expect(response.status == 400)
            #expect(try response.error.field == field || response.error.problems?.last?.field == field)
            #expect(access("/tmp/muster-never", F_OK) != 0)
        }
    }

    @Test("an apply that shows another difference than is there by now is refused")
    func asShown() async throws {
        try await ServedEngine.with { served in
            let pool = #"{"workerPoolId":"a/b","providerId":"scripted","config":{"maxCapacity":2}}"#
            func body(_ members: String) -> String { "{\"workerPools\":[\(pool)],\(members)}" }
            let dry = try await served.call(.post, APIPath.apply, body: body(#""dryRun":true"#))
            let shown = try JSON.decode(ApplyAnswer.self, from: dry.body)
            #expect(shown.dryRun && !shown.digest.isEmpty)
            let other = try await served.call(.post, APIPath.apply, body: body(#""asShown":"other""#))
            #expect(other.status == 409)
            #expect(try await served.store.read { try await $0.poolIDs() }.isEmpty)
            let right = try await served.call(
                .post, APIPath.apply, body: body("\"asShown\":\"\(shown.digest)\""))
            let applied = try JSON.decode(ApplyAnswer.self, from: right.body)
            #expect(right.status == 200 && applied.changes == shown.changes && applied.digest == shown.digest)
        }
    }
}
