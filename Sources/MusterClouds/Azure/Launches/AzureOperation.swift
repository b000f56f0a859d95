import MusterCore
import MusterHTTP
import MusterRuntime

/// How an asynchronous operation stands, as `Azure-AsyncOperation` or `Location` tells.
struct AzureOperation: Hashable, Sendable {
    enum Status: Hashable, Sendable {
        case underWay
        case succeeded
        case failed(AzureErrorBody)
    }

    var status: Status

    var error: AzureErrorBody? {
        if case .failed(let body) = status { body } else { nil }
    }

    /// Reads an answer; nil where it says nothing, as that of an operation that is forgotten.
    init?(_ response: HTTPResponse) {
        // Location answers 202 until it is done.
        if response.status == 202 {
            status = .underWay
            return
        }
        guard (200..<300).contains(response.status) else { return nil }
        guard let document = try? JSON.document(response.body), let word = document["status"]?.asText else {
            status = .succeeded
            return
        }
        switch word.lowercased() {
        case "succeeded": status = .succeeded
        case "failed", "canceled", "cancelled":
            status = .failed(
                AzureErrorBody(response.body)
                    ?? AzureErrorBody(code: word, message: "the operation was not carried out"))
        default: status = .underWay
        }
    }
}
