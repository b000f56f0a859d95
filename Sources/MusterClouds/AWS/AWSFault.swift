import MusterHTTP
import MusterRuntime

/// The error in an answer of EC2's or of STS, which wrap it differently.
struct AWSFault: Hashable, Sendable {
    var code: String
    var message: String

    /// Makes a fault.
    init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// The first error in an answer; nil when there is none that can be read.
    init?(_ response: HTTPResponse) {
        let wishes = [XMLWish("Errors/Error"), XMLWish("Error")]
        guard let error = try? XML.elements(wishes, in: response.body).first?.element,
            let code = error.text("Code")
        else { return nil }
        self.init(
            code: String(code.prefix(CloudPolicy.longestCloudCode)),
            message: String((error.text("Message") ?? code).prefix(CloudPolicy.longestCloudMessage)))
    }
}
