import MusterCore
import MusterCrypto
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Azure launches")
struct AzureLaunchTests {
    @Test("makes each machine with all its parts in one call, and removes them in one")
    func oneCallEach() async throws {
        let bench = try AzureBench()
        let (outcome, sent) = try await bench.launch(3)
        #expect(outcome.isAccepted)
        let finding = try await bench.found(sent)
        #expect(finding.refusals.isEmpty)
        #expect(finding.instances.map(\.id).sorted() == ["l0-0", "l0-1", "l0-2"])
        #expect(finding.instances.allSatisfy { $0.state == .running && $0.launchID.rawValue == "l0" })
        #expect(
            finding.instances.allSatisfy { $0.group.rawValue == "eastus" && $0.workerID.rawValue == $0.id })
        #expect(finding.instances.allSatisfy { $0.offering == "regular/Standard_D2s_v5/eastus" })
        #expect(bench.cloud.counts["PUT machine"] == 3)
        #expect(bench.cloud.parts.count == 6)

        #expect(await bench.provider.terminate(["l0-0", "l0-1", "l0-2"]).isEmpty)
        #expect(bench.cloud.machines.isEmpty && bench.cloud.parts.isEmpty)
        #expect(bench.cloud.counts["DELETE machine"] == 3)
        // One that is gone is no error.
        #expect(await bench.provider.terminate(["l0-0"]).isEmpty)
    }

    @Test("sends the same again without making anything twice")
    func repeats() async throws {
        let bench = try AzureBench()
        let (_, sent) = try await bench.launch(2)
        let successor = try bench.successor()
        #expect(await successor.provider.launch(AzureBench.call(sent)).isAccepted)
        #expect(bench.cloud.made == ["l0-0": 1, "l0-1": 1])
        #expect(bench.cloud.counts["CHANGE machine"] == nil)
        #expect(try await successor.found(sent).instances.count == 2)
    }

    @Test("gives what was refused at once, with what it is about", arguments: [true, false])
    func refused(isSpot: Bool) async throws {
        let bench = try AzureBench { $0.exhausted = ["eastus"] }
        let content = try AzureBench.content {
            if isSpot { $0.replace("\"osProfile\"", with: "\"priority\": \"Spot\", \"osProfile\"") }
        }
        let (outcome, _) = try await bench.launch(3, content: content)
        let refusals = try #require(outcome.refusals)
        let name = "\(isSpot ? "spot" : "regular")/Standard_D2s_v5/eastus"
        #expect(bench.provider.offerings(of: content).map(\.name) == [name])
        #expect(refusals.map { $0.count }.reduce(0, +) == 3)
        #expect(refusals.allSatisfy { $0.error.kind == .capacity(offering: name) })
        #expect(refusals.allSatisfy { $0.error.cloudCode == "SkuNotAvailable" })
        #expect(bench.cloud.machines.isEmpty && bench.cloud.parts.isEmpty)
    }

    @Test("tells the part that was refused when the rest is looked up")
    func partly() async throws {
        let bench = try AzureBench { $0.quota = 2 }
        let (outcome, sent) = try await bench.launch(5)
        #expect(outcome.isAccepted)
        let finding = try await bench.found(sent)
        #expect(finding.instances.count == 2)
        #expect(finding.refusals.map { $0.count }.reduce(0, +) == 3)
        let scope = "quota/dsv5/eastus"
        #expect(finding.refusals.allSatisfy { $0.error.kind == .quota(scope: scope) })
        #expect(try bench.provider.offerings(of: AzureBench.content())[0].scopes.contains(scope))
    }

    @Test("waits as long as a throttled call asks, and says what is left")
    func throttled() async throws {
        let bench = try AzureBench {
            $0.throttleNext = 1
            $0.retryAfter = 7
        }
        let before = bench.clock.uptime()
        let (outcome, sent) = try await bench.launch(1)
        #expect(outcome.isAccepted)
        #expect(bench.clock.uptime() - before >= .seconds(7))
        #expect(try await bench.found(sent).instances.count == 1)
        let figures = try #require(
            bench.provider.callFigures.first { $0.kind.name == "virtual-machine-changes" })
        #expect(figures.throttled == 1)
        #expect(figures.kind.region == "eastus")
        #expect(figures.notes["Microsoft.Compute/PutVMResource"] == 11)
        #expect(figures.notes["Microsoft.Compute/PutVMSubscriptionMaximum"] == 1_499)
        #expect(figures.notes["subscription-writes"] == 199)
    }

    @Test("gives up on a cloud that throttles for longer than a call may take")
    func throttledForLong() async throws {
        let bench = try AzureBench {
            $0.throttleNext = 1_000
            $0.retryAfter = 600
        }
        let (outcome, _) = try await bench.launch(2)
        let refusals = try #require(outcome.refusals)
        for refusal in refusals {
            guard case .throttled = refusal.error.kind else {
                Issue.record("\(refusal)")
                continue
            }
        }
        #expect(bench.cloud.machines.isEmpty)
    }

    @Test(
        "what a fault or a lost answer left open stays open, whatever is refused afterwards",
        arguments: [429, 403, 409, 400], [true, false])
    func faultBeforeRefusal(status: Int, isLost: Bool) async throws {
        let puts = Locked(0)
        let server = try LoopbackServer { _ in
            let number = puts.withLock { puts in
                puts += 1
                return puts
            }
            if number == 1 { return isLost ? .hangUp : .answer(status: 503, headers: [("Retry-After", "1")]) }
            return .answer(
                status: status, headers: [("Retry-After", "1")],
                body: Array(#"{"error": {"code": "SkuNotAvailable", "message": "m"}}"#.utf8))
        }
        let bench = try AzureBench()
        let sent = try bench.written()
        let provider = try bench.provider(at: server)
        #expect(await provider.launch(AzureBench.call(sent)).isUnclear)
        #expect(puts.withLock { $0 } > 1)
    }

    @Test("a cloud that cannot be reached has done nothing, and is not waited for")
    func unreachable() async throws {
        let bench = try AzureBench()
        var configuration = bench.cloud.configuration()
        configuration.endpoints.management = "http://127.0.0.1:1"
        let provider = try AzureProvider(
            configuration: configuration, client: PacedClient(bench.client, clock: bench.clock, seed: 1),
            clock: bench.clock, log: .silent)
        let sent = try bench.written(2)
        let refusals = try #require(await provider.launch(AzureBench.call(sent)).refusals)
        #expect(refusals.map(\.error.kind) == [.network] && refusals.map(\.count) == [2])
    }

    @Test("a location that is slow gets a bounded number of calls, and the rest are held")
    func slow() async throws {
        let bench = try AzureBench()
        let clock = bench.clock
        let server = try LoopbackServer { _ in
            clock.advance(by: .seconds(16))
            return .answer(status: 201, headers: [])
        }
        let provider = try bench.provider(at: server)
        let sent = try bench.written(100)
        #expect(await provider.launch(AzureBench.call(sent)).isAccepted)
        let puts = server.received.count { $0.method == "PUT" }
        #expect((1...CloudPolicy.azureCallsAtOnce).contains(puts))
    }

    @Test("looks up what a lost answer left open, and makes nothing twice")
    func lostAnswers() async throws {
        let bench = try AzureBench { $0.faults.lostAnswers = 1 }
        let sent = try bench.written(3)
        let outcome = await bench.provider.launch(AzureBench.call(sent))
        #expect(outcome.isUnclear || outcome.isAccepted)
        bench.cloud.change { $0.faults.lostAnswers = 0 }
        #expect(try await bench.found(sent).instances.count == 3)
        #expect(bench.cloud.made.values.allSatisfy { $0 == 1 })
    }

    @Test("a launch that never arrived is seen as missing once it is too late for it")
    func neverArrived() async throws {
        let bench = try AzureBench()
        let sent = try bench.written(2)
        #expect(try await bench.provider.find(sent).isUnderWay)
        bench.clock.advance(by: .seconds(120))
        let finding = try await bench.provider.find(sent)
        #expect(!finding.isUnderWay && finding.instances.isEmpty && finding.refusals.isEmpty)
    }

    @Test(
        "refuses a stored call of another launch, and one that is none", arguments: ["", "{}", "[1]", "null"])
    func notOurs(body: String) async throws {
        let bench = try AzureBench()
        let outcome = await bench.provider.launch(
            AzureBench.call(
                SentLaunch(id: LaunchID(rawValue: "l0"), body: body, plannedAt: bench.clock.now())))
        #expect(outcome.refusals?.first?.error.kind == .invalidConfig)
        let other = try bench.provider.render(AzureBench.order(1, launch: "l1"))
        let second = await bench.provider.launch(
            AzureBench.call(
                SentLaunch(id: LaunchID(rawValue: "l0"), body: other, plannedAt: bench.clock.now())))
        #expect(second.refusals?.first?.error.kind == .invalidConfig)
        #expect(bench.cloud.machines.isEmpty)
    }

    @Test("stores no secret, and gives each machine its own")
    func secrets() async throws {
        let bench = try AzureBench()
        let (_, sent) = try await bench.launch(2)
        #expect(!sent.body.contains("token-of") && !sent.body.contains("Aa1-"))
        let machines = bench.cloud.machines
        let passwords = machines.map { password($0) }
        #expect(Set(passwords).count == 2)
        for machine in machines {
            let data = try #require(customData(machine))
            let told = try JSON.document(try #require(Base64.bytes(data)))
            #expect(told["workerPoolId"]?.value == .string("builds/linux"))
            #expect(told["workerGroup"]?.value == .string("eastus"))
            #expect(told["providerId"]?.value == .string("azure"))
            #expect(told["rootUrl"]?.value == .string("https://muster.example"))
            #expect(told["workerConfig"]?.value == .object([]))
            #expect(told["muster"]?["workerId"]?.value == .string(machine.name))
            #expect(told["muster"]?["capacity"]?.value == .integer(2))
            // Tasks may read it, so that no secret is in it.
            #expect(!told.canonicalJSON.contains("token-of"))
        }
    }

    private func password(_ machine: FakeMachine) -> String {
        machine.body["properties"]?["osProfile"]?["adminPassword"]?.asText ?? ""
    }

    private func customData(_ machine: FakeMachine) -> String? {
        machine.body["properties"]?["osProfile"]?["customData"]?.asText
    }
}

extension String {
    mutating func replace(_ old: String, with new: String) { self = replacing(old, with: new) }
}
