import Glibc
import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite struct DoctorTests {
    private func doctor(
        _ bench: EngineBench, sinks: [String] = [], loops: [LoopStatus]? = nil, files: StateFiles? = nil,
        providers: [any CloudProvider]? = nil
    ) -> Doctor {
        var context = bench.context
        if let providers {
            context = EngineContext(
                store: bench.store, providers: providers, clock: bench.clock, log: .silent,
                policy: bench.context.policy, holder: "test", masterKey: bench.context.masterKey, seed: 7,
                serviceURL: { "" })
        }
        return Doctor(Patient(context: context, sinks: sinks, loops: loops, files: files))
    }

    private func finding(_ name: String, _ doctor: Doctor) async throws -> Finding {
        try #require(try await doctor.examine().findings.first { $0.name == name })
    }

    @Test("Of a Muster that is well every check is ok, each with a name of its own and a sentence")
    func well() async throws {
        let bench = try await EngineBench()
        let keys = try await bench.runningWorkers(2)
        _ = try await bench.submit(3)
        _ = try await bench.claim(keys[0])
        let report = try await doctor(bench).examine()
        #expect(report.findings.allSatisfy { $0.state == .ok && $0.action == nil }, "\(report)")
        #expect(report.count(.ok) == report.findings.count && report.count(.failed) == 0)
        #expect(Set(report.findings.map(\.name)).count == report.findings.count)
        #expect(report.findings.allSatisfy { !$0.message.isEmpty })
    }

    @Test(
        "Damaged numbers are found by the check of their kind, and mended by a full recount",
        arguments: [
            ("capacity", "UPDATE capacity SET workers = workers + 2 WHERE bucket = 'running'"),
            ("queue counters", "UPDATE demand SET pending = 40"),
            ("queue counters", "UPDATE tenants SET pending = 0"),
            ("queue counters", "DELETE FROM tenant_counts"),
            ("claims", "UPDATE workers SET claimed = 9"),
        ])
    func counters(check: String, damage: String) async throws {
        let bench = try await EngineBench()
        let keys = try await bench.runningWorkers(2)
        _ = try await bench.submit(3)
        _ = try await bench.claim(keys[0])
        _ = try await bench.store.write(in: .store) { try await $0.run(damage) }
        let found = try await finding(check, doctor(bench))
        #expect(found.state == .failed && found.action?.contains("--recount") == true)
        #expect(!found.details.isEmpty)
        let mended = try await doctor(bench).recount(by: "tester").differences
        #expect(!mended.isEmpty)
        #expect(try await doctor(bench).examine().count(.failed) == 0)
        #expect(try await bench.bucketsAreTrue())
        let event = try await bench.events().last
        #expect(event?.type == .recounted && event?.data["differences"]?.canonicalJSON == "\(mended.count)")
        let audit = try await bench.store.read {
            try await $0.rows("SELECT * FROM audit WHERE action = 'recount'")
        }
        #expect(try audit.map { try $0.text("actor") } == ["tester"])
    }

    @Test("A full recount of what is right changes nothing and tells nobody but the audit")
    func soundRecount() async throws {
        let bench = try await EngineBench()
        _ = try await bench.runningWorkers(1)
        let events = try await bench.events().count
        #expect(try await doctor(bench).recount(by: "tester").differences.isEmpty)
        #expect(try await bench.events().count == events)
    }

    @Test("Names the loops that failed, and those that do not come to an end")
    func loops() async throws {
        let bench = try await EngineBench()
        let now = bench.clock.now()
        var good = LoopStatus(name: "good")
        good.begin(at: now - .seconds(900))
        good.succeed(at: now - .seconds(899))
        var bad = good
        bad.fail("the cloud is out", at: now)
        var stuck = good
        stuck.begin(at: now - .seconds(400))
        #expect(DoctorCheck.judge([good], at: now).state == .ok)
        let failing = DoctorCheck.judge([good, bad], at: now)
        #expect(failing.state == .failed && failing.details == ["good: the cloud is out"])
        let busy = DoctorCheck.judge([good, stuck], at: now)
        #expect(busy.state == .warning && busy.details.count == 1)
        var isNew = LoopStatus(name: "new")
        isNew.begin(at: now - .seconds(1))
        #expect(DoctorCheck.judge([isNew], at: now).state == .ok)
        #expect(try await finding("loops", doctor(bench, loops: [bad])).state == .failed)
    }

    @Test("Names suspended launch configs with the reason, also where others stand in for them")
    func suspended() async throws {
        let bench = try await EngineBench()
        try await bench.define(["good": 1, "bad": 1])
        #expect(try await finding("pools", doctor(bench)).state == .ok)
        try await bench.store.write(in: .store) {
            try await $0.save(
                suspension: "never came to work", of: LaunchConfigID(rawValue: "bad"), in: EngineBench.pool)
        }
        let found = try await finding("pools", doctor(bench))
        #expect(found.state == .warning && found.details == ["demo/build/bad: never came to work"])
        #expect(found.action?.contains("muster launch-config resume") == true)
    }

    @Test("Says that everything is frozen, and why")
    func freeze() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        try await bench.control.freeze(reason: "cloud incident", by: "test")
        let found = try await finding("freeze", doctor(bench))
        #expect(found.state == .warning && found.message.contains("cloud incident"))
    }

    @Test("Workers in a group that their provider does not look into are found")
    func groups() async throws {
        let bench = try await EngineBench()
        _ = try await bench.runningWorkers(1)
        #expect(try await finding("groups", doctor(bench)).state == .ok)
        bench.provider.divide(into: [WorkerGroup(rawValue: "elsewhere")])
        let found = try await finding("groups", doctor(bench))
        #expect(found.state == .failed && found.details == ["here of scripted"])
    }

    @Test("Names pools whose provider is not enabled")
    func providers() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let found = try await finding("providers", doctor(bench, providers: []))
        #expect(found.state == .failed && found.details == ["demo/build: scripted"])
    }

    @Test("Names pools that are paused, that have no launch config, and whose launch configs all rest")
    func pools() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        #expect(try await finding("pools", doctor(bench)).state == .ok)
        _ = try await bench.control.pause(EngineBench.pool, Pause(reason: "upgrade"), by: "test")
        let paused = try await finding("pools", doctor(bench))
        #expect(paused.state == .warning && paused.details == ["demo/build: paused (upgrade)"])
        _ = try await bench.control.resume(EngineBench.pool, by: "test")
        let now = bench.clock.now()
        try await bench.store.write(in: .store) { transaction in
            try await transaction.changeHealth(
                of: LaunchConfigID(rawValue: "standard"), in: EngineBench.pool
            ) { health in for _ in 0..<6 { health.note(.unusable, at: now) } }
        }
        let resting = try await finding("pools", doctor(bench))
        #expect(resting.state == .warning && resting.details[0].contains("standard rests until"))
        bench.clock.advance(by: .seconds(3_600))
        #expect(try await finding("pools", doctor(bench)).state == .ok)
        try await bench.define([:])
        #expect(try await finding("pools", doctor(bench)).details == ["demo/build: it has no launch config"])
    }

    @Test("Names launches of which nobody knows for long what came of them")
    func launches() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let launch = Launch(
            id: LaunchID(rawValue: "l1"), poolID: EngineBench.pool,
            launchConfigID: LaunchConfigID(rawValue: "standard"), providerID: bench.provider.id, count: 1,
            capacityPerInstance: 1, body: "", epoch: 1, plannedAt: bench.clock.now())
        try await bench.store.write(in: .store) { try await $0.save(launch, was: nil) }
        #expect(try await finding("launches", doctor(bench)).state == .ok)
        bench.clock.advance(by: .seconds(3_600))
        let found = try await finding("launches", doctor(bench))
        #expect(found.state == .warning && found.details.count == 1 && found.details[0].hasPrefix("l1 of"))
    }

    @Test("Names workers that are not gone though they should be")
    func workers() async throws {
        let bench = try await EngineBench()
        let keys = try await bench.runningWorkers(1)
        let now = bench.clock.now()
        try await bench.store.write(in: .store) { transaction in
            guard let old = try await transaction.worker(keys[0]) else { return }
            var worker = old
            _ = worker.retire(because: "test", at: now)
            _ = worker.becomeOverdue()
            try await transaction.save(worker, was: old, lookAt: nil)
        }
        let found = try await finding("workers", doctor(bench))
        #expect(found.state == .warning && found.details[0].contains(keys[0].id.rawValue))
    }

    @Test("Names tasks whose claim has ended and that nobody has given back")
    func tasks() async throws {
        let bench = try await EngineBench()
        let keys = try await bench.runningWorkers(1)
        let tasks = try await bench.submit(1)
        _ = try await bench.claim(keys[0])
        bench.clock.advance(by: .seconds(100))
        #expect(try await finding("tasks", doctor(bench)).state == .ok)
        bench.clock.advance(by: .seconds(100))
        let found = try await finding("tasks", doctor(bench))
        #expect(found.state == .warning && found.details[0].hasPrefix(tasks[0].id.rawValue))
        _ = try await bench.tasks.expire()
        #expect(try await finding("tasks", doctor(bench)).state == .ok)
    }

    @Test("Says who is there and who holds what, and warns of pools that nobody works on")
    func leases() async throws {
        let bench = try await EngineBench(leaseTime: .seconds(60))
        #expect(try await finding("leases", doctor(bench)).message == "nobody works on a pool now")
        try await bench.define()
        let own = try await finding("leases", doctor(bench))
        #expect(own.state == .ok && own.message.hasPrefix("one service"))
        #expect(own.details.count == 1 && own.details[0].hasPrefix("test (this process), since "))
        #expect(own.details[0].hasSuffix(": 1 pools"))
        try await bench.store.announce("other", for: .seconds(3_600))
        try await bench.store.hold("retention", as: "other")
        let other = try await finding("leases", doctor(bench))
        #expect(other.state == .ok && other.message.hasPrefix("2 services share"))
        #expect(
            other.details.contains { $0.hasPrefix("other, since ") && $0.hasSuffix(": 0 pools, retention") })
        // The first one is gone, and the other does not take its pool over.
        bench.clock.advance(by: .seconds(119))
        #expect(try await finding("leases", doctor(bench)).state == .ok)
        bench.clock.advance(by: .seconds(1))
        let left = try await finding("leases", doctor(bench))
        #expect(left.state == .warning && left.details.last == "nobody: \(EngineBench.pool)")
    }

    @Test("Warns of services of different versions")
    func versions() async throws {
        let bench = try await EngineBench()
        for version in ["1.0", "1.1"] {
            try await bench.store.announce("service-\(version)", version: version)
        }
        let found = try await finding("leases", doctor(bench))
        #expect(found.state == .warning && found.message.hasSuffix("2 versions: 1.0, 1.1"))
    }

    @Test("Judges a sink by how much and for how long it lacks")
    func sinks() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let events = try await bench.events().count
        let fresh = try await finding("sinks", doctor(bench, sinks: ["file"]))
        #expect(fresh.state == .ok && fresh.details[0].hasPrefix("file: \(events) events"))
        bench.clock.advance(by: .seconds(20 * 60))
        #expect(try await finding("sinks", doctor(bench, sinks: ["file"])).state == .warning)
        bench.clock.advance(by: .seconds(3 * 86_400))
        #expect(try await finding("sinks", doctor(bench, sinks: ["file"])).state == .failed)
        let now = bench.clock.now()
        try await bench.store.write(in: .store) {
            try await $0.moveCursor(of: "file", to: Int64(events), at: now)
        }
        let caughtUp = try await finding("sinks", doctor(bench, sinks: ["file"]))
        #expect(caughtUp.state == .ok && caughtUp.details == ["file: 0 events"])
        let many = DoctorCheck.judge(
            [("file", SinkBacklog(events: 20_000, oldest: now))], retention: .seconds(86_400), at: now)
        #expect(many.state == .warning)
    }

    @Test("Judges the disk by what is free")
    func disk() async throws {
        #expect(DoctorCheck.judge(free: 50 << 20, database: 0, in: "/x").state == .failed)
        #expect(DoctorCheck.judge(free: 500 << 20, database: 0, in: "/x").state == .warning)
        #expect(DoctorCheck.judge(free: 50 << 30, database: 0, in: "/x").state == .ok)
        let bench = try await EngineBench()
        try DurableFile.write([], to: bench.folder.path + "/muster.db", mode: 0o600)
        let found = try await finding("disk", doctor(bench, files: files(bench)))
        #expect(found.message.contains("MiB are free for \(bench.folder.path)"))
        var gone = files(bench)
        gone.folder += "/nowhere"
        #expect(try await finding("disk", doctor(bench, files: gone)).state == .failed)
    }

    @Test("Finds what others can read or change")
    func permissions() async throws {
        let bench = try await EngineBench()
        let files = files(bench)
        let key = try #require(files.masterKey)
        try DurableFile.write(Array("key".utf8), to: key, mode: 0o600)
        #expect(try await finding("permissions", doctor(bench, files: files)).state == .ok)
        chmod(key, 0o640)
        let readable = try await finding("permissions", doctor(bench, files: files))
        #expect(readable.state == .failed && readable.details == ["\(key) can be read by others"])
        #expect(readable.action == "chmod 600 \(key)")
        chmod(key, 0o600)
        chmod(files.folder, 0o777)
        let writable = try await finding("permissions", doctor(bench, files: files))
        #expect(writable.details == ["\(files.folder) can be changed by others"])
        chmod(files.folder, 0o711)
    }

    @Test("A check that cannot be made has failed, and the others are made")
    func broken() async throws {
        let bench = try await EngineBench()
        _ = try await bench.store.write(in: .store) { try await $0.run("DROP TABLE leases") }
        let report = try await doctor(bench).examine()
        #expect(report.findings.filter { $0.state == .failed }.map(\.name) == ["leases"])
    }

    @Test("A schema that lacks a step, or has one of a newer version, has failed")
    func schema() async throws {
        let bench = try await EngineBench()
        try await bench.store.write(in: .store) { transaction in
            _ = try await transaction.run("INSERT INTO migrations (id, applied_at) VALUES ('2099-x', 0)")
        }
        let newer = try await finding("schema", doctor(bench))
        #expect(newer.state == .failed && newer.details == ["2099-x"])
        _ = try await bench.store.write(in: .store) { try await $0.run("DELETE FROM migrations") }
        let lacking = try await finding("schema", doctor(bench))
        #expect(lacking.state == .failed && lacking.message.contains("lacks"))
    }

    private func files(_ bench: EngineBench) -> StateFiles {
        StateFiles(
            folder: bench.folder.path, database: bench.folder.path + "/muster.db",
            masterKey: bench.folder.path + "/master.key", socket: bench.folder.path + "/muster.sock")
    }
}
