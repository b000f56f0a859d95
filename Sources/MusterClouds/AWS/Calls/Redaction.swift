import MusterCore
import MusterHTTP
import MusterRuntime

/// The secrets that a call was made with, none of which may be in a text that is kept: services tell back what they
/// were sent when they find fault with it.
struct Redaction: Sendable {
    private var secrets: [Secret<String>] = []

    /// Takes note of what a request was signed with, and of its signature.
    mutating func add(_ credentials: AWSCredentials, _ headers: [(name: String, value: String)]) {
        add(credentials.secretAccessKey.reveal())
        if let token = credentials.sessionToken { add(token.reveal()) }
        for header in headers where header.name.lowercased() == "authorization" {
            add(header.value)
            if let signature = header.value.split(separator: "=").last { add(String(signature)) }
        }
    }

    /// A text without any of them, as they are written and as forms write them.
    func clean(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1.reveal(), with: "••••") }
    }

    private mutating func add(_ secret: String) {
        // What is shorter would be found in texts that have nothing to do with it.
        guard secret.utf8.count >= CloudPolicy.shortestSecret else { return }
        for form in [secret, PercentEncoding.encode(secret)] where !secrets.contains(Secret(form)) {
            secrets.append(Secret(form))
        }
    }
}
