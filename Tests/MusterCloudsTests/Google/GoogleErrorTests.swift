import FoundationEssentials
import MusterCore
import MusterRuntime
import Testing

@testable import MusterClouds

@Suite("Google errors") struct GoogleErrorTests {
    private let place = GoogleErrorPlace(
        offerings: ["t2a-standard-8", "n2-standard-4"].flatMap { type in
            ["us-central1-a", "us-central1-b"].map {
                GoogleOffering(market: .spot, machineType: type, zone: $0)
            }
        }, region: "us-central1", subnetwork: "workers", isLaunch: true, window: .seconds(42))

    @Test(
        "an operation's errors are told apart",
        arguments: [
            (
                "operation-stockout", CloudError.Kind.capacity(offering: "spot/t2a-standard-8/us-central1-a"),
                "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS"
            ),
            ("operation-quota", .quota(scope: "quota/N2_CPUS/us-central1"), "QUOTA_EXCEEDED"),
        ])
    func operations(_ name: String, _ kind: CloudError.Kind, _ code: String) throws {
        let operation = try JSON.decode(GoogleOperation.self, from: try fixture("google/\(name).json"))
        #expect(operation.isDone)
        let errors = operation.faults.flatMap(place.errors)
        #expect(errors.map(\.kind) == [kind])
        #expect(errors.first?.cloudCode == code)
        #expect(errors.first?.message.isEmpty == false)
    }

    @Test(
        "a refused call's errors are told apart",
        arguments: [
            ("refused-rate", 403, CloudError.Kind.throttled(retryAfter: .seconds(42))),
            ("refused-rate-details", 403, .throttled(retryAfter: .seconds(42))),
            ("refused-quota", 403, .quota(scope: "quota/CPUS/us-central1")),
            ("refused-capacity", 503, .capacity(offering: "spot/t2a-standard-8/us-central1-a")),
            ("refused-invalid", 400, .invalidConfig), ("refused-not-found", 404, .invalidConfig),
            ("refused-forbidden", 403, .auth), ("refused-exists", 409, .unknown),
        ])
    func calls(_ name: String, _ status: Int, _ kind: CloudError.Kind) throws {
        let faults = GoogleFault.faults(inAnswer: try fixture("google/\(name).json"), status: status)
        #expect(faults.flatMap(place.errors).first?.kind == kind)
    }

    @Test("what speaks of a zone alone speaks of all its machine types") func wholeZone() throws {
        let faults = GoogleFault.faults(inAnswer: try fixture("google/refused-capacity.json"), status: 503)
        #expect(
            faults.flatMap(place.errors).map(\.kind) == [
                .capacity(offering: "spot/t2a-standard-8/us-central1-a"),
                .capacity(offering: "spot/n2-standard-4/us-central1-a"),
            ])
    }

    @Test(
        "answers that say nothing are told apart by their status",
        arguments: [
            (400, CloudError.Kind.invalidConfig), (401, .auth), (403, .auth), (404, .invalidConfig),
            (409, .unknown),
            (429, .throttled(retryAfter: .seconds(42))), (500, .transient), (502, .transient),
            (503, .transient),
            (504, .transient), (418, .unknown),
        ])
    func statuses(_ status: Int, _ kind: CloudError.Kind) {
        for body in ["", "<html>", "{}", #"{"error":"x"}"#, #"{"error":{}}"#, #"{"error":{"errors":[]}}"#] {
            let faults = GoogleFault.faults(inAnswer: Array(body.utf8), status: status)
            #expect(faults.flatMap(place.errors).map(\.kind) == [kind])
        }
    }

    @Test(
        "codes of all kinds",
        arguments: [
            ("STOCKOUT", GoogleErrorTable.Meaning.capacity), ("ZONE_RESOURCE_STOCKOUT", .capacity),
            ("RESOURCE_NOT_READY", .transient), ("SERVICE_UNAVAILABLE", .transient),
            ("IP_SPACE_EXHAUSTED", .addresses), ("INVALID_FIELD_VALUE", .invalid),
            ("never-heard-of", .unknown),
            ("RESOURCE_ALREADY_EXISTS", .exists), ("PERMISSIONS_ERROR", .auth),
        ])
    func codes(_ code: String, _ meaning: GoogleErrorTable.Meaning) {
        #expect(GoogleErrorTable.meaning(GoogleFault(code: code, message: "")) == meaning)
    }

    @Test("a full subnetwork is its scope, not its zone's") func addresses() {
        let errors = place.errors(GoogleFault(code: "IP_SPACE_EXHAUSTED", message: "full"))
        #expect(errors.map(\.kind) == [.quota(scope: "addresses/workers/us-central1")])
    }

    @Test("quotas by families and of all regions have names of their own") func quotas() {
        var fault = GoogleFault(code: "QUOTA_EXCEEDED", message: "")
        fault.quotaMetric = "compute.googleapis.com/cpus_per_vm_family"
        fault.quotaDimensions = ["region": "us-central1", "vm_family": "N4"]
        #expect(GoogleQuota.scope(of: fault, region: nil) == "quota/CPUS_PER_VM_FAMILY.N4/us-central1")
        fault.quotaMetric = "compute.googleapis.com/cpus_all_regions"
        fault.quotaDimensions = [:]
        #expect(GoogleQuota.scope(of: fault, region: "us-central1") == "quota/CPUS_ALL_REGIONS")
        let spoken = GoogleFault(
            code: "quotaExceeded", message: "Quota 'SSD_TOTAL_GB' exceeded.  Limit: 500.0")
        #expect(GoogleQuota.scope(of: spoken, region: "r") == "quota/SSD_TOTAL_GB/r")
        #expect(
            GoogleQuota.scope(of: GoogleFault(code: "x", message: "'a b'"), region: "r") == "quota/UNNAMED/r")
    }

    @Test("a bulk operation tells where it was at work") func bulk() throws {
        let operation = try JSON.decode(GoogleOperation.self, from: try fixture("google/operation-bulk.json"))
        #expect(operation.zones == ["us-central1-a", "us-central1-f"])
        #expect(operation.operationGroupId == "11112222-3333-4444-5555-666677778888")
        #expect(
            operation.instancesBulkInsertOperationMetadata?.perLocationStatus?["zones/us-central1-f"]?
                .failedToCreateVmCount == 2)
    }

    @Test("an operation under way is not over") func running() throws {
        let operation = try JSON.decode(
            GoogleOperation.self, from: try fixture("google/operation-running.json"))
        #expect(!operation.isDone)
        #expect(operation.instanceName == "l01abc-0")
        #expect(operation.zoneName == "us-central1-a")
    }

    @Test("half a payload, or one with other things in it, is never taken for a whole one") func truncated()
        throws
    {
        for name in ["operation-stockout", "aggregated-instances"] {
            let bytes = try fixture("google/\(name).json")
            for length in stride(from: 0, to: bytes.count - 2, by: 37) {
                let half = Data(bytes.prefix(length))
                #expect(throws: (any Error).self) {
                    try JSONDecoder().decode(GoogleOperation.self, from: half)
                }
                #expect(throws: (any Error).self) {
                    try JSONDecoder().decode(GoogleAggregatedPage.self, from: half)
                }
            }
        }
        let deep = Array((String(repeating: "[", count: 100_000)).utf8)
        #expect(!GoogleFault.faults(inAnswer: deep, status: 500).isEmpty)
    }
}

@Suite("Google quota windows") struct QuotaWindowTests {
    @Test(
        "what is used up comes back with the next minute",
        arguments: [(0, 61_000), (1, 60_999), (15_000, 46_000), (59_999, 1_001), (60_000, 61_000)])
    func rest(_ past: Int64, _ milliseconds: Int64) {
        let moment = Timestamp(milliseconds: 1_800_000_000_000 + past)
        #expect(QuotaWindow.rest(at: moment) == .milliseconds(milliseconds))
    }
}
