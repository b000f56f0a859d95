import MusterCore
import MusterHTTP
import MusterRuntime
import Testing

struct ConfigurationTests {
    @Test("a configuration that cannot be is refused with the field")
    func refused() {
        let cases: [(HTTPClientConfiguration, String)] = [
            (.init(connectionsPerHost: 0), "connectionsPerHost"),
            (.init(connectionsPerHost: .max), "connectionsPerHost"),
            (.init(idleConnections: -1), "idleConnections"),
            (.init(userAgent: "muster\r\nX-Injected: 1"), "userAgent"),
        ]
        for (configuration, field) in cases {
            let problem = #expect(throws: Problem.self) { try HTTPClient(configuration: configuration) }
            #expect(problem?.code == .inputInvalid)
            #expect(problem?.field == field)
        }
    }

    @Test("printing a configuration does not show the proxy's password")
    func printing() {
        let configuration = HTTPClientConfiguration(proxy: Secret("http://user:hush@proxy/"))
        #expect(!"\(configuration)".contains("hush"))
    }
}
