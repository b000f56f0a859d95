import MusterCore
import Testing

@testable import MusterClouds

@Suite("AWS: error codes")
struct ErrorTableTests {
    private static let place = AWSErrorTable.Place(offering: "o", quota: "q", subnet: "s")

    @Test(
        "Each code is of its kind",
        arguments: [
            ("InsufficientInstanceCapacity", CloudError.Kind.capacity(offering: "o")),
            ("InsufficientHostCapacity", .capacity(offering: "o")),
            ("UnfulfillableCapacity", .capacity(offering: "o")),
            ("SpotMaxPriceTooLow", .capacity(offering: "o")),
            ("Unsupported", .capacity(offering: "o")),
            ("ReservationCapacityExceeded", .capacity(offering: "o")),
            ("MaxSpotInstanceCountExceeded", .quota(scope: "q")),
            ("VcpuLimitExceeded", .quota(scope: "q")),
            ("InstanceLimitExceeded", .quota(scope: "q")),
            ("MaxFleetCountExceeded", .quota(scope: "q")),
            ("VolumeLimitExceeded", .quota(scope: "q")),
            ("InsufficientFreeAddressesInSubnet", .quota(scope: "s")),
            ("RequestLimitExceeded", .throttled(retryAfter: nil)),
            ("Throttling", .throttled(retryAfter: nil)),
            ("status-429", .throttled(retryAfter: nil)),
            ("call-held", .throttled(retryAfter: nil)),
            ("UnauthorizedOperation", .auth),
            ("AuthFailure", .auth),
            ("AuthFailure.ServiceLinkedRoleCreationNotPermitted", .auth),
            ("InvalidClientTokenId", .auth),
            ("SignatureDoesNotMatch", .auth),
            ("ExpiredToken", .auth),
            ("OptInRequired", .auth),
            ("not-authenticated", .auth),
            ("InvalidAMIID.NotFound", .invalidConfig),
            ("InvalidAMIID.Malformed", .invalidConfig),
            ("InvalidSubnetID.NotFound", .invalidConfig),
            ("InvalidGroup.NotFound", .invalidConfig),
            ("InvalidLaunchTemplateName.NotFoundException", .invalidConfig),
            ("InvalidParameterValue", .invalidConfig),
            ("UnknownParameter", .invalidConfig),
            ("VPCIdNotSpecified", .invalidConfig),
            ("InvalidInstanceID.NotFound", .notFound),
            ("InternalError", .transient),
            ("Unavailable", .transient),
            ("status-502", .transient),
            ("network-timeout", .network),
            ("answer-unexpected", .network),
            ("SomethingThatAWSHasInventedSince", .unknown),
            ("", .unknown),
        ])
    func kinds(_ code: String, _ kind: CloudError.Kind) {
        let error = AWSErrorTable.error(code, "a sentence", Self.place)
        #expect(error.kind == kind)
        #expect(error.cloudCode == code && error.message == "a sentence")
    }

    @Test("Only a fault of the cloud's own leaves it open what came of a call")
    func unclear() {
        #expect(AWSErrorTable.isUnclear(500, "InternalError"))
        #expect(AWSErrorTable.isUnclear(503, "Unavailable"))
        #expect(AWSErrorTable.isUnclear(502, "status-502"))
        #expect(AWSErrorTable.isUnclear(408, "status-408"))
        #expect(!AWSErrorTable.isUnclear(500, "InsufficientInstanceCapacity"))
        #expect(!AWSErrorTable.isUnclear(503, "RequestLimitExceeded"))
        #expect(!AWSErrorTable.isUnclear(400, "InternalError"))
    }
}
