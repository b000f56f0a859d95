import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Errors of Azure's")
struct AzureErrorTests {
    private static let subject: AzureErrorTable.Subject = {
        var content = AzureContent()
        (content.location, content.size, content.subnetID) = (
            "eastus", "Standard_D4as_v5", "/s/virtualNetworks/n/subnets/a"
        )
        return AzureErrorTable.Subject(
            offering: "regular/Standard_D4as_v5/eastus", scopes: AzureScopes(content))
    }()

    private func error(_ code: String, _ message: String = "", status: Int) -> CloudError {
        AzureErrorTable.error(
            AzureErrorBody(code: code, message: message), status: status, retryAfter: .seconds(3),
            of: Self.subject)
    }

    @Test(
        "answers that were seen are what they should be",
        arguments: [
            (
                "error-quota-family", 409, CloudError.Kind.quota(scope: "quota/dasv5/eastus"),
                "OperationNotAllowed"
            ),
            ("error-quota-spot", 409, .quota(scope: "quota/spot/eastus"), "OperationNotAllowed"),
            ("error-quota-region", 409, .quota(scope: "quota/cores/eastus"), "OperationNotAllowed"),
            (
                "error-zonal-allocation", 200, .capacity(offering: "regular/Standard_D4as_v5/eastus"),
                "ZonalAllocationFailed"
            ),
            (
                "error-overconstrained", 200, .capacity(offering: "regular/Standard_D4as_v5/eastus"),
                "OverconstrainedZonalAllocationRequest"
            ),
            (
                "error-sku-not-available", 409, .capacity(offering: "regular/Standard_D4as_v5/eastus"),
                "SkuNotAvailable"
            ),
        ])
    func seen(name: String, status: Int, kind: CloudError.Kind, code: String) throws {
        let body = try #require(AzureErrorBody(try AzureBench.fixture("azure/\(name).json")))
        let error = AzureErrorTable.error(body, status: status, of: Self.subject)
        #expect(error.kind == kind)
        #expect(error.cloudCode == code)
    }

    @Test(
        "each code is of one kind",
        arguments: [
            ("AllocationFailed", 200, "capacity"), ("OverconstrainedAllocationRequest", 200, "capacity"),
            ("QuotaExceeded", 409, "quota"), ("ResourceQuotaExceeded", 409, "quota"),
            ("SubnetIsFull", 400, "quota"),
            ("PublicIPCountLimitReached", 400, "quota"), ("TooManyRequests", 429, "throttled"),
            ("OperationNotAllowed", 409, "transient"), ("OperationNotAllowed", 400, "invalid-config"),
            ("AuthorizationFailed", 403, "auth"), ("RequestDisallowedByPolicy", 403, "auth"),
            ("SubscriptionNotFound", 404, "auth"), ("ResourceNotFound", 404, "not-found"),
            ("ImageNotFound", 404, "invalid-config"), ("InvalidParameter", 400, "invalid-config"),
            ("InternalServerError", 500, "transient"), ("OSProvisioningTimedOut", 200, "transient"),
            ("Odd", 503, "transient"), ("Odd", 418, "unknown"), ("Odd", 401, "auth"),
        ])
    func kinds(code: String, status: Int, label: String) {
        #expect(error(code, status: status).label == label)
    }

    @Test("throttling says for how long")
    func retryAfter() {
        #expect(error("TooManyRequests", status: 429).kind == .throttled(retryAfter: .seconds(3)))
    }

    @Test(
        "what is no error's body gives none",
        arguments: ["", "{", "[]", "null", "{\"error\": 1}", "{\"error\": {\"message\": \"x\"}}", "<html>"])
    func noBody(text: String) {
        #expect(AzureErrorBody(Array(text.utf8)) == nil)
    }

    @Test("an error within errors without end is read to a depth")
    func deep() {
        var text = #"{"code": "Innermost"}"#
        for level in 0..<20 { text = #"{"code": "C\#(level)", "details": [\#(text)]}"# }
        #expect(AzureErrorBody(Array(text.utf8))?.code == "C14")
        let long = String(repeating: "x", count: 100_000)
        #expect(
            AzureErrorBody(Array("{\"code\": \"\(long)\", \"message\": \"\(long)\"}".utf8))?.message.count
                == 1_000)
    }

    @Test("a conflict of names means that it is there, any other that it is not")
    func conflicts() throws {
        let bench = try AzureBench()
        let call = try AzureCall(AzureBench.order(), bench.cloud.configuration())
        func judge(_ status: Int, _ code: String, isOpen: Bool = false) -> String {
            let body = Array("{\"error\": {\"code\": \"\(code)\", \"message\": \"m\"}}".utf8)
            switch AzureLauncher.judge(
                HTTPResponse(status: status, headers: [], body: body), isOpen: isOpen, of: call,
                api: bench.provider.api)
            {
            case .arrived: return "arrived"
            case .exists: return "exists"
            case .contested: return "contested"
            case .refused: return "refused"
            case .held: return "held"
            case .unclear: return "unclear"
            }
        }
        #expect(judge(201, "") == "arrived")
        #expect(judge(412, "PreconditionFailed") == "exists")
        #expect(judge(409, "ResourceExists") == "exists" && judge(412, "", isOpen: true) == "exists")
        #expect(judge(409, "Conflict") == "contested" && judge(409, "OperationPreempted") == "contested")
        #expect(judge(409, "SkuNotAvailable", isOpen: true) == "contested")
        #expect(judge(403, "AuthorizationFailed", isOpen: true) == "contested")
        #expect(judge(409, "SkuNotAvailable") == "refused")
        #expect(judge(409, "OperationNotAllowed") == "refused")
        #expect(judge(429, "TooManyRequests") == "held")
        #expect(judge(503, "ServiceUnavailable") == "unclear")
    }

    @Test(
        "the header of what is left is read, whatever is in it",
        arguments: [
            ("Microsoft.Compute/PutVM3Min;11,Microsoft.Compute/PutVM30Min;107", 2), ("", 0), (";", 0),
            ("a;b", 0),
            ("a;1;2", 0), ("a;inf", 0), ("a; 5 , b;6", 2), (String(repeating: "x", count: 500) + ";1", 0),
        ])
    func limits(header: String, count: Int) {
        #expect(AzureAPI.limits(header).count == count)
    }
}
