import MusterCore
public import MusterRuntime

/// What holds for all calls of one client.
public struct HTTPClientConfiguration: Sendable {
    /// Connections to one host and port at once; further calls wait within their own timeout.
    public var connectionsPerHost: Int
    /// Connections kept open over all hosts.
    public var idleConnections: Int
    /// Sent where a request does not set its own.
    public var userAgent: String
    /// The proxy's URL, which may hold its password. `nil` is no proxy, whatever the environment says.
    public var proxy: Secret<String>?
    /// A file of PEM certificates to trust instead of the system's.
    public var certificateAuthorities: String?

    /// A configuration; the defaults suit calls to clouds as well as to the service.
    public init(
        connectionsPerHost: Int = HTTPPolicy.connectionsPerHost,
        idleConnections: Int = HTTPPolicy.idleConnections, userAgent: String = "muster",
        proxy: Secret<String>? = nil, certificateAuthorities: String? = nil
    ) {
        self.connectionsPerHost = connectionsPerHost
        self.idleConnections = idleConnections
        self.userAgent = userAgent
        self.proxy = proxy
        self.certificateAuthorities = certificateAuthorities
    }

    func validate() throws(Problem) {
        for (field, count) in [
            ("connectionsPerHost", connectionsPerHost), ("idleConnections", idleConnections),
        ] where count < 1 || count > Int(Int32.max) {
            throw Problem(.inputInvalid, "must be 1 or more", field: field)
        }
        if let fault = HeaderRules.fault(name: "User-Agent", value: userAgent) {
            throw Problem(.inputInvalid, fault, field: "userAgent")
        }
    }
}
