import MusterAPI
import MusterCore
import Testing

@testable import MusterCommand

@Suite("The table of providers' calls")
struct ProviderCallsTests {
    @Test("has a row for each kind of call, and says what is left and for how long it is held")
    func rows() {
        var read = CallDocument(region: "global", name: "read")
        read.calls = 12
        var write = CallDocument(region: "westeurope", name: "write")
        write.calls = 7
        write.failures = ["capacity": 2, "quota": 1]
        write.throttled = 3
        write.tokens = 11.9
        write.pauseSeconds = 4.2
        write.remaining = ["PutVM3Min": 107, "endless": .infinity]
        let provider = ProviderDocument(
            providerId: ProviderID(rawValue: "azure"), kind: "azure", workerPools: [], calls: [read, write])
        let lines = ProviderCalls.table([provider]).lines(columns: nil).map { $0.rendered(styled: false) }
        #expect(lines.count == 3)
        #expect(lines[1].contains("read") && lines[1].contains("12") && lines[1].contains("-"))
        #expect(lines[2].contains("held for 5 s, PutVM3Min 107, endless"))
        #expect(lines[2].contains("westeurope") && lines[2].contains(" 3 "))
    }
}
