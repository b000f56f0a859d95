import MusterAPI
import MusterCore
import MusterStore

@testable import MusterCommand

/// Slots of limits for work that is no task: whatever was not answered is asked again.
extension KillScenario {
    /// A limit is made, its slot is taken, waited for, renewed and given back, and the limit is deleted.
    static let limits = KillScenario(
        provoke: useLimit,
        recover: { fleet in
            try await useLimit(fleet)
            try await endEveryday(fleet)
        },
        isRepeatable: false)

    /// A holder dies, and its slot comes back by itself.
    static let slotsExpired = KillScenario(
        provoke: { fleet in
            try await fleet.createLimit()
            _ = try await fleet.acquire("dead", lease: 1)
            try await fleet.until("the end") { try await fleet.acquire("next") }
        },
        recover: { fleet in
            try await fleet.createLimit()
            try await fleet.until("the slot") { try await fleet.acquire("next") }
            try await fleet.release("next")
            try await endEveryday(fleet)
        })

    private static let useLimit: Step = { fleet in
        try await fleet.createLimit()
        // The second may still be in line from before, for some seconds.
        try await fleet.until("the slot") { try await fleet.acquire("first") }
        _ = try await fleet.acquire("second", wait: 0.1)
        try await fleet.renew("first")
        try await fleet.release("first")
        guard try await fleet.acquire("second") else {
            throw Problem(.conflict, "the slot is lost")
        }
        try await fleet.release("second")
        do {
            try await fleet.deleteLimit()
        } catch let problems as Problems {
            // Whoever asks again hears that it is done.
            guard problems.all.map(\.code) == [.limitNotFound] else { throw problems }
        }
    }
}

extension MusterFleet {
    private static let limit = LimitName(rawValue: "lab")

    fileprivate func createLimit() async throws {
        try await call {
            _ = try await $0.post(
                APIPath.limits, LimitRequest(name: Self.limit, slots: 1), LimitDocument.self)
        }
    }

    fileprivate func deleteLimit() async throws {
        try await call { _ = try await $0.delete(APIPath.limit(Self.limit), LimitDocument.self) }
    }

    fileprivate func acquire(_ holder: String, lease: Double = 600, wait: Double = 0) async throws -> Bool {
        try await call {
            try await $0.post(
                APIPath.acquireSlots,
                AcquireSlotsRequest(
                    holder: holder, limits: [Self.limit], leaseSeconds: lease, waitSeconds: wait),
                AcquireSlotsAnswer.self
            ).acquired
        }
    }

    fileprivate func renew(_ holder: String) async throws {
        try await call {
            _ = try await $0.post(
                APIPath.renewSlots, RenewSlotsRequest(holder: holder, leaseSeconds: 600),
                RenewSlotsAnswer.self)
        }
    }

    fileprivate func release(_ holder: String) async throws {
        try await call {
            _ = try await $0.post(
                APIPath.releaseSlots, ReleaseSlotsRequest(holder: holder), ReleaseSlotsAnswer.self)
        }
    }

    private func call<Result>(_ body: (ServiceClient) async throws -> Result) async throws -> Result {
        try await body(try client())
    }
}
