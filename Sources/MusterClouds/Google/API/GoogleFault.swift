import FoundationEssentials

/// One error as Google tells of it, of a call or of an operation; nothing is concluded from it yet.
struct GoogleFault: Hashable, Sendable {
    /// The code of an operation's error (`QUOTA_EXCEEDED`), or the reason of a call's (`quotaExceeded`).
    var code: String
    /// The sentence for people.
    var message: String
    /// The details that have names (`vmType`, `zone`, `quota_metric`).
    var details: [String: String] = [:]
    /// Which quota, and the dimensions it is counted in (`region`).
    var quotaMetric: String?
    var quotaDimensions: [String: String] = [:]
    /// The status of the call that was refused.
    var status: Int?
}

extension GoogleFault: Decodable {
    private enum CodingKeys: String, CodingKey { case code, message, errorDetails }

    private struct Detail: Decodable {
        struct Info: Decodable {
            var reason: String?
            var metadatas: [String: String]?
        }
        struct Quota: Decodable {
            var metricName: String?
            var dimensions: [String: String]?
        }
        var errorInfo: Info?
        var quotaInfo: Quota?
    }

    /// Reads an error of an operation. Details of another form are left out: they only make it more exact.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        code = try container.decodeIfPresent(String.self, forKey: .code) ?? "UNKNOWN"
        message = try container.decodeIfPresent(String.self, forKey: .message) ?? ""
        for detail in (try? container.decodeIfPresent([Detail].self, forKey: .errorDetails)) ?? [] {
            details.merge(detail.errorInfo?.metadatas ?? [:]) { first, _ in first }
            quotaMetric = quotaMetric ?? detail.quotaInfo?.metricName
            quotaDimensions.merge(detail.quotaInfo?.dimensions ?? [:]) { first, _ in first }
        }
    }

    /// The errors in the answer to a call that was refused; at least one, also where the body says nothing.
    static func faults(inAnswer body: [UInt8], status: Int) -> [GoogleFault] {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
            return [
                GoogleFault(
                    code: "status-\(status)", message: "status \(status) without words", status: status)
            ]
        }
        let error = answer.error
        var details: [String: String] = [:]
        var precise: String?
        for detail in error.details ?? [] {
            details.merge(detail.metadatas ?? detail.metadata ?? [:]) { first, _ in first }
            precise = precise ?? detail.reason
        }
        let message = error.message ?? ""
        guard let items = error.errors, !items.isEmpty else {
            return [
                GoogleFault(
                    code: precise ?? error.status ?? "status-\(status)", message: message, details: details,
                    quotaMetric: details["quota_metric"], status: status)
            ]
        }
        return items.map { item in
            GoogleFault(
                code: item.reason ?? precise ?? "status-\(status)", message: item.message ?? message,
                details: details, quotaMetric: details["quota_metric"], status: status)
        }
    }

    private struct Answer: Decodable {
        struct Item: Decodable {
            var reason: String?
            var message: String?
        }
        struct Detail: Decodable {
            var reason: String?
            var metadatas: [String: String]?
            var metadata: [String: String]?
        }
        struct Body: Decodable {
            var message: String?
            var status: String?
            var errors: [Item]?
            var details: [Detail]?
        }
        var error: Body
    }
}
