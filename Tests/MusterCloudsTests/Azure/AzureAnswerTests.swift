import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Answers of Azure's")
struct AzureAnswerTests {
    @Test("a list, a machine and a view as Microsoft documents them")
    func documented() throws {
        let list = try JSON.decode(
            AzurePage<ListedMachine>.self, from: AzureBench.fixture("azure/virtual-machine-list.json"))
        #expect(list.value.count == 1 && list.nextLink == nil)
        #expect(list.value[0].provisioning == .succeeded && list.value[0].location == "eastus")
        #expect(list.value[0].tag("TESTTAG") == "1" && list.value[0].tag("muster-deployment") == nil)
        let made = try JSON.decode(
            ListedMachine.self, from: AzureBench.fixture("azure/virtual-machine-created.json"))
        #expect(made.provisioning == .creating && made.offering == "regular/Standard_D1_v2/westus")
        #expect(made.instance().state == .pending)
        let view = try JSON.decode(InstanceView.self, from: AzureBench.fixture("azure/instance-view.json"))
        #expect(view.power == "running" && view.failure == nil)
    }

    @Test(
        "provisioning states",
        arguments: [
            ("Creating", ListedMachine.Provisioning.creating), ("Updating", .updating),
            ("Succeeded", .succeeded),
            ("Failed", .failed), ("Deleting", .deleting), ("Canceled", .failed), ("SomethingNew", .succeeded),
        ])
    func provisioning(word: String, state: ListedMachine.Provisioning) throws {
        let text = """
            {"id": "/x", "name": "l0-0", "location": "eastus", "zones": ["2"], "unknown": {"a": [1]},
             "properties": {"provisioningState": "\(word)", "hardwareProfile": {"vmSize": "S", "x": 1}, "priority": "Spot"}}
            """
        let machine = try JSON.decode(ListedMachine.self, from: Array(text.utf8))
        #expect(machine.provisioning == state)
        #expect(machine.offering == "spot/S/eastus/2")
    }

    @Test(
        "the error of a machine that failed",
        arguments: [
            ("ProvisioningState/failed/AllocationFailed", "AllocationFailed"),
            ("provisioningState/Failed", "ProvisioningFailed"), ("ProvisioningState/succeeded", nil),
            ("", nil),
            ("/", nil), ("PowerState/failed/x", nil),
        ])
    func failures(code: String, expected: String?) {
        let view = InstanceView(statuses: [.init(code: code, message: "m", displayStatus: nil, time: nil)])
        #expect(view.failure?.code == expected)
    }

    @Test(
        "operations",
        arguments: [
            (202, "", "under way"), (200, #"{"status": "InProgress"}"#, "under way"),
            (200, #"{"status": "Succeeded"}"#, "succeeded"), (204, "", "succeeded"),
            (200, #"{"status": "Canceled"}"#, "Canceled"), (404, "", "nothing"), (500, "{}", "nothing"),
            (200, #"{"status": "Failed", "error": {"code": "X", "message": "m"}}"#, "X"),
        ])
    func operations(status: Int, body: String, expected: String) {
        let operation = AzureOperation(HTTPResponse(status: status, headers: [], body: Array(body.utf8)))
        let word =
            switch operation?.status {
            case .underWay?: "under way"
            case .succeeded?: "succeeded"
            case .failed(let body)?: body.code
            case nil: "nothing"
            }
        #expect(word == expected)
    }

    @Test("the operation that failed as Microsoft documents it")
    func failedOperation() throws {
        let bytes = try AzureBench.fixture("azure/operation-failed.json")
        let operation = AzureOperation(HTTPResponse(status: 200, headers: [], body: bytes))
        #expect(operation?.error?.code == "AllocationFailed")
    }

    @Test(
        "moments as Azure writes them",
        arguments: [
            ("2019-10-14T21:30:12.8051917+00:00", "2019-10-14T21:30:12.805Z"),
            ("2019-10-14T23:11:22+00:00", "2019-10-14T23:11:22.000Z"),
            ("2019-10-14T23:11:22.1234567Z", "2019-10-14T23:11:22.123Z"), ("yesterday", nil), ("", nil),
        ])
    func moments(text: String, expected: String?) {
        #expect(AzureText.moment(text)?.description == expected)
    }

    @Test("truncated and mangled answers are errors, never half a list")
    func mangled() async throws {
        let whole = try AzureBench.fixture("azure/virtual-machine-list.json")
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            let length = Int.random(in: 0..<whole.count - 1, using: &generator)
            #expect(throws: Problem.self) {
                try JSON.decode(AzurePage<ListedMachine>.self, from: whole.prefix(length))
            }
            var mangled = whole
            mangled[Int.random(in: 0..<whole.count, using: &generator)] = UInt8.random(
                in: 0...255, using: &generator)
            _ = try? JSON.decode(AzurePage<ListedMachine>.self, from: mangled)
        }
    }

    @Test("a next page elsewhere is not followed: no token leaves for another host")
    func foreignPage() async throws {
        let stranger = try LoopbackServer { _ in .text(#"{"value": []}"#) }
        let foreign = stranger.url("/subscriptions/x?api-version=1")
        let server = try LoopbackServer { request in
            request.path.contains("/token")
                ? .text(#"{"access_token": "t", "expires_in": 3600}"#)
                : .text("{\"value\": [], \"nextLink\": \"\(foreign)\"}")
        }
        let clock = HastyClock()
        var configuration = try AzureBench().cloud.configuration()
        configuration.endpoints.management = server.url("")
        configuration.endpoints.login = server.url("")
        let provider = try AzureProvider(
            configuration: configuration, client: PacedClient(try HTTPClient(), clock: clock, seed: 1),
            clock: clock,
            log: .silent)
        await #expect(throws: CloudError.self) { try await provider.list(provider.realms[0]) }
        #expect(stranger.requests.count == 0)
    }

    @Test("pages that lead back to themselves have an end")
    func circle() async throws {
        let server = try LoopbackServer { request in
            if request.path.contains("/token") { return .text(#"{"access_token": "t", "expires_in": 3600}"#) }
            let host = request.values("Host").first ?? ""
            return .text(
                "{\"value\": [], \"nextLink\": \"http://\(host)/subscriptions/again?api-version=1\"}")
        }
        let clock = HastyClock()
        var configuration = try AzureBench().cloud.configuration()
        configuration.endpoints.management = server.url("")
        configuration.endpoints.login = server.url("")
        let provider = try AzureProvider(
            configuration: configuration, client: PacedClient(try HTTPClient(), clock: clock, seed: 1),
            clock: clock,
            log: .silent)
        await #expect(throws: CloudError.self) { try await provider.list(provider.realms[0]) }
        #expect(server.requests.count < 6)
    }
}
