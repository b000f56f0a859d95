import Testing

@testable import MusterCore

@Suite("What an error says of offerings")
struct OfferingMarkTests {
    private let provider = ProviderID(rawValue: "aws")

    private func made(_ kind: CloudError.Kind) -> OfferingMark? {
        OfferingMark(CloudError(kind, cloudCode: "Code", message: "why"), of: provider, at: noon)
    }

    @Test(
        "Capacity marks the offering for three minutes, quota its scope for ten",
        arguments: [
            (.capacity(offering: "spot/c5/a"), "spot/c5/a", .capacity, 180),
            (.quota(scope: "vcpu/east"), "vcpu/east", .quota, 600),
        ] as [(CloudError.Kind, String, OfferingMark.Cause, Int64)])
    func marks(kind: CloudError.Kind, name: String, cause: OfferingMark.Cause, seconds: Int64) throws {
        let mark = try #require(made(kind))
        #expect(mark.name == name && mark.cause == cause && mark.providerID == provider)
        #expect(mark.markedAt == noon && mark.until == noon + .seconds(seconds))
        #expect(mark.cloudCode == "Code" && mark.message == "why")
    }

    @Test(
        "Throttling marks nothing, nor does any other failure, nor an error that names nothing",
        arguments: [
            .throttled(retryAfter: .seconds(60)), .throttled(retryAfter: nil), .invalidConfig, .auth,
            .notFound,
            .network, .transient, .unknown, .capacity(offering: ""), .quota(scope: ""),
            .capacity(offering: String(repeating: "x", count: 1_025)),
        ] as [CloudError.Kind])
    func marksNothing(kind: CloudError.Kind) {
        #expect(made(kind) == nil)
    }

    @Test("A mark holds until its end, and says something for a quarter of an hour more")
    func ends() throws {
        let mark = try #require(made(.capacity(offering: "x")))
        #expect(mark.holds(at: mark.until - .milliseconds(1)) && !mark.holds(at: mark.until))
        let end = mark.until + .seconds(15 * 60)
        #expect(mark.counts(at: end - .milliseconds(1)) && !mark.counts(at: end))
    }
}
