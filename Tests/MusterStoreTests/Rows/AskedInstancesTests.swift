import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite("How many instances were asked for lately")
struct AskedInstancesTests {
    @Test(
        "counts what was asked for within the time, and nothing of a clock that was ahead",
        arguments: StoreEngine.allCases)
    func within(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            try await store.write(in: .pool(samplePool)) { transaction in
                for (index, seconds) in [-3_600, -3_599, 0, 1, 86_400 * 30].enumerated() {
                    let launch = Launch(
                        id: LaunchID(rawValue: "l\(index)"), poolID: samplePool, launchConfigID: sampleConfig,
                        providerID: ProviderID(rawValue: "local"), count: 1 << index, capacityPerInstance: 1,
                        body: "{}", epoch: 1, plannedAt: noon + .seconds(seconds))
                    try await transaction.save(launch, was: nil)
                }
            }
            let asked = try await store.read {
                try await $0.instancesAsked(of: samplePool, after: noon - .seconds(3_600), upTo: noon)
            }
            #expect(asked.count == 0b110 && asked.first == noon - .seconds(3_599))
        }
    }
}
