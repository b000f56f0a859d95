import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Google lists") struct GoogleListTests {
    private let realm = Realm(id: "fake-project")

    @Test("a page reads as instances, notices and zones that were not seen") func parsed() throws {
        let page = try JSON.decode(
            GoogleAggregatedPage.self, from: try fixture("google/aggregated-instances.json"))
        let found = (page.items?["zones/us-central1-a"]?.instances ?? []).map(\.instance)
        #expect(
            found == [
                Instance(
                    id: "us-central1-a/l01abc-0", launchID: LaunchID(rawValue: "l01abc"),
                    group: WorkerGroup(rawValue: "us-central1-a"),
                    workerID: WorkerID(rawValue: "2345678901234567890"), state: .running,
                    startedAt: Timestamp("2026-11-21T08:01:10Z"),
                    offering: "spot/n2-standard-4/us-central1-a"),
                Instance(
                    id: "us-central1-a/l01abc-1", launchID: LaunchID(rawValue: "l01abc"),
                    group: WorkerGroup(rawValue: "us-central1-a"),
                    workerID: WorkerID(rawValue: "2345678901234567891"), state: .stopping,
                    startedAt: Timestamp("2026-11-21T08:01:10Z"), detail: "TERMINATED",
                    offering: "standard/n2-standard-4/us-central1-a"),
            ])
        let notices = (page.items?["zones/us-central1-a"]?.instances ?? []).flatMap(\.notices)
        #expect(notices.map(\.kind) == [.maintenance(at: Timestamp("2026-11-22T18:00:00Z")), .impaired])
        #expect(page.items?["zones/us-central1-b"]?.warning?.isHarmless == true)
        #expect(page.items?["zones/us-central1-c"]?.warning?.isHarmless == false)
    }

    @Test("the fleet's instances of all zones are listed over all pages, and no stranger's") func pages()
        async throws
    {
        var settings = FakeGoogleSettings()
        settings.pageSize = 7
        let scene = try GoogleScene(settings)
        _ = try await scene.launch(30, GoogleScene.regional)
        scene.fake.add("a-stranger", in: "us-central1-a")
        scene.fake.add("another-fleet", in: "us-central1-a", labels: ["muster-deployment": "other"])
        let listing = try await scene.provider.list(realm)
        #expect(listing.instances.count == 30)
        #expect(Set(listing.instances.map(\.id)).count == 30)
        #expect(listing.unseen.isEmpty && listing.notices.isEmpty)
        #expect(
            try await scene.another(fleet: "other").list(realm).instances.map(\.id) == [
                "us-central1-a/another-fleet"
            ])
    }

    @Test("however many pages there are, each has the whole time", .timeLimit(.minutes(1))) func manyPages()
        async throws
    {
        var settings = FakeGoogleSettings()
        settings.pageSize = 1
        let clock = ManualClock()
        let scene = try GoogleScene(settings, clock: clock) { $0.rates.reads = 10 }
        for number in 0..<5 {
            scene.fake.add("one-\(number)", in: "us-central1-a", labels: ["muster-deployment": "test"])
        }
        let (provider, realm) = (scene.provider, realm)
        let listing = Task {
            await Deadline.run(within: .seconds(20), clock: clock, isPatient: true) {
                try? await provider.list(realm).instances.count
            } late: {
                nil
            }
        }
        // One token, and another one each time when nearly all of the bound is over.
        for page in 1...5 {
            try await scene.fake.answers.reach(1 + page)
            await clock.hasSleepers(page < 5 ? 2 : 1)
            clock.advance(by: .seconds(7))
        }
        #expect(await listing.value == 5)
    }

    @Test("a filter that is not heeded shows no stranger's") func unfiltered() async throws {
        let scene = try GoogleScene()
        let sent = try scene.sent(2, GoogleScene.existing)
        _ = await scene.provider.launch(scene.call(sent))
        _ = try await scene.end(of: sent)
        scene.fake.change { $0.ignoresFilters = true }
        scene.fake.add("a-stranger", in: "us-central1-a")
        scene.fake.add(
            "of-another-fleet", in: "us-central1-a",
            labels: ["muster-deployment": "other", "muster-launch": GoogleScene.launch.rawValue])
        #expect(try await scene.provider.list(realm).instances.count == 2)
        #expect(try await scene.provider.find(sent).instances.count == 2)
    }

    @Test("pages that lead back to themselves are a failure") func circle() async throws {
        let server = try LoopbackServer { request in
            request.path.hasPrefix("/computeMetadata")
                ? .answer(
                    headers: [("Metadata-Flavor", "Google")],
                    body: Array(#"{"access_token":"a","expires_in":60}"#.utf8))
                : .text(#"{"items":{},"nextPageToken":"again"}"#)
        }
        let scene = try GoogleScene {
            $0.credentials = .metadataServer
            $0.endpoints = GoogleEndpoints(compute: server.url("/compute/v1"), metadata: server.url(""))
        }
        let error = await #expect(throws: CloudError.self) { try await scene.provider.list(realm) }
        #expect(error?.cloudCode == "answer-unexpected")
        #expect(server.requests.count == 3)
    }

    @Test("a page that fails midway fails the listing") func midway() async throws {
        var settings = FakeGoogleSettings()
        settings.pageSize = 7
        let scene = try GoogleScene(settings)
        _ = try await scene.launch(30, GoogleScene.regional)
        scene.fake.change { $0.failingPage = 2 }
        let error = await #expect(throws: CloudError.self) { try await scene.provider.list(self.realm) }
        #expect(error?.kind == .transient)
    }

    @Test("a zone that is not seen is named, and the others are listed") func unseen() async throws {
        let scene = try GoogleScene()
        _ = try await scene.launch(6, GoogleScene.regional)
        scene.fake.change { $0.unreachable = ["us-central1-b"] }
        let listing = try await scene.provider.list(realm)
        #expect(listing.unseen.keys.map(\.rawValue) == ["us-central1-b"])
        #expect(listing.instances.allSatisfy { $0.group.rawValue != "us-central1-b" })
        #expect(!listing.instances.isEmpty)
    }

    @Test(
        "every status has its state",
        arguments: [
            ("PROVISIONING", Instance.State.pending, false), ("STAGING", .pending, false),
            ("RUNNING", .running, false),
            ("REPAIRING", .running, true), ("STOPPING", .stopping, false), ("SUSPENDING", .stopping, false),
            ("TERMINATED", .stopping, true), ("SUSPENDED", .stopping, true),
            ("SOMETHING_NEW", .running, false),
        ])
    func states(_ status: String, _ state: Instance.State, _ isImpaired: Bool) async throws {
        let scene = try GoogleScene()
        let instance = try #require(try await scene.launch(1, GoogleScene.existing).instances.first)
        scene.fake.set(instance.id, status: status)
        let listing = try await scene.provider.list(realm)
        #expect(listing.instances.map(\.state) == [state])
        #expect(listing.notices.map(\.kind) == (isImpaired ? [.impaired] : []))
    }

    @Test("maintenance that is announced is told") func maintenance() async throws {
        let scene = try GoogleScene()
        let instance = try #require(try await scene.launch(1, GoogleScene.existing).instances.first)
        let moment = Timestamp(milliseconds: 1_900_000_000_000)
        scene.fake.announceMaintenance(of: instance.id, at: moment)
        let listing = try await scene.provider.list(realm)
        #expect(
            listing.notices == [
                InstanceNotice(
                    instanceID: instance.id, kind: .maintenance(at: moment),
                    detail: "maintenance: SCHEDULED, PENDING")
            ])
    }

    @Test("an instance is found by its number, in its zone and fleet alone") func byNumber() async throws {
        let scene = try GoogleScene()
        let instance = try #require(try await scene.launch(1, GoogleScene.existing).instances.first)
        #expect(try await scene.provider.instance(of: instance.workerID, in: instance.group) == instance)
        let elsewhere = WorkerGroup(rawValue: "us-central1-b")
        #expect(try await scene.provider.instance(of: instance.workerID, in: elsewhere) == nil)
        #expect(
            try await scene.another(fleet: "other").instance(of: instance.workerID, in: instance.group) == nil
        )
        let name = WorkerID(rawValue: "l01jd2k3m4n5p6q7r8s9t0v1w2x3-0")
        #expect(try await scene.provider.instance(of: name, in: instance.group) == nil)
    }

    @Test(
        "times with offsets are moments",
        arguments: [
            ("2026-11-21T00:01:02.345-08:00", "2026-11-21T08:01:02.345Z"),
            ("2026-11-21T08:01:02Z", "2026-11-21T08:01:02.000Z"),
            ("2026-11-21T09:31:02+01:30", "2026-11-21T08:01:02.000Z"),
            ("2026-11-21T00:01:02", nil), ("", nil), ("-08:00", nil), ("2026-11-21T00:01:02-8:000", nil),
        ])
    func times(_ text: String, _ moment: String?) {
        #expect(GoogleTime.moment(text)?.description == moment)
    }
}

@Suite("Google terminations") struct GoogleTerminateTests {
    @Test("instances are deleted, and those that are gone are no error") func deleted() async throws {
        let scene = try GoogleScene()
        let instances = try await scene.launch(20, GoogleScene.regional).instances.map(\.id)
        let gone = "us-central1-a/l01-gone"
        #expect(await scene.provider.terminate(instances + [gone]).isEmpty)
        #expect(Set(scene.fake.deleted) == Set(instances))
        try await scene.fake.untilOperationsEnd()
        #expect(scene.fake.machines.isEmpty)
        #expect(await scene.provider.terminate(instances).isEmpty)
    }

    @Test("an error is told by its instance") func failing() async throws {
        let scene = try GoogleScene()
        let instances = try await scene.launch(2, GoogleScene.existing).instances.map(\.id)
        scene.fake.change { $0.withdrawnTokens = true }
        let errors = await scene.provider.terminate(instances)
        #expect(Set(errors.keys) == Set(instances))
        #expect(errors.values.allSatisfy { $0.kind == .auth })
    }

    @Test(
        "what is no id of an instance gets into no address",
        arguments: ["", "a", "us-central1-a/../x", "us-central1-a/a?b", "us-central1-a/A", "a/b/c", "a//b"])
    func hostile(_ id: String) async throws {
        let scene = try GoogleScene()
        #expect(await scene.provider.terminate([id])[id]?.cloudCode == "not-an-instance")
        #expect(scene.fake.server.received.isEmpty)
        #expect(scene.provider.output(of: id, in: WorkerGroup(rawValue: "x")) == nil)
    }

    @Test("the console shows an instance's output") func output() throws {
        let scene = try GoogleScene()
        #expect(
            scene.provider.output(of: "us-central1-a/l01-0", in: WorkerGroup(rawValue: "us-central1-a"))
                == "https://console.cloud.google.com/compute/instancesDetail/zones/us-central1-a/instances/l01-0"
                + "/console?port=1&project=fake-project")
    }
}
