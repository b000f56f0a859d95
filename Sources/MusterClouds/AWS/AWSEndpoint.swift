import MusterCore
import MusterHTTP

/// Where a service of AWS answers, as signatures name it.
struct AWSEndpoint: Hashable, Sendable {
    /// The value of the header `Host`: the port is part of it where it is not the scheme's own.
    let host: String
    let path: String

    /// Reads an address.
    ///
    /// - Throws: `Problem` `input-invalid` when it is none.
    init(_ url: String) throws(Problem) {
        let target = try HTTPTarget(url: url, unixSocketPath: nil)
        let isUsual = target.port == (target.isSecure ? 443 : 80)
        host = isUsual ? target.host : "\(target.host):\(target.port)"
        let rest = url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" && $0 != "?" }
        path = rest.isEmpty ? "/" : String(rest.prefix { $0 != "?" })
    }

    /// The address of a service in a region, by the partition that the region is of.
    static func url(_ service: String, _ region: String) -> String {
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        return "https://\(service).\(region).\(domain)/"
    }

    /// The address of the console for a region.
    static func console(_ region: String) -> String {
        if region.hasPrefix("cn-") { return "https://\(region).console.amazonaws.cn" }
        if region.hasPrefix("us-gov-") { return "https://console.amazonaws-us-gov.com" }
        return "https://\(region).console.aws.amazon.com"
    }
}
