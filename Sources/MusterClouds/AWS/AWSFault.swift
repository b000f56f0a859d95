import MusterHTTP
import MusterRuntime

/// The error in an answer of EC2's or of STS, which wrap it differently.
struct AWSFault: Hashable, Sendable {
    var code: String
    /// The service's own sentence, which may tell back secrets that it was sent: not to be kept as it is.
    private let message: String

    /// Makes a fault.
    init(code: String, message: String) {
        self.code = String(code.prefix(CloudPolicy.longestCloudCode))
        self.message = message
    }

    /// The first error in an answer; nil when there is none that can be read.
    init?(_ response: HTTPResponse) {
        let wishes = [XMLWish("Errors/Error"), XMLWish("Error")]
        guard let error = try? XML.elements(wishes, in: response.body).first?.element,
            let code = error.text("Code")
        else { return nil }
        self.init(code: code, message: error.text("Message") ?? code)
    }

    /// A sentence for a person. What a service says about credentials is not passed on: that repeats what was signed,
    /// or describes what else the account permits.
    func sentence(without secrets: Redaction) -> String {
        guard !AWSErrorTable.isAuth(code) else {
            return "AWS refuses the credentials, or does not permit the call: see muster provider check"
        }
        return String(secrets.clean(message).prefix(CloudPolicy.longestCloudMessage))
    }
}
