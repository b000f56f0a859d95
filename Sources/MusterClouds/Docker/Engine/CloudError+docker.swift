import MusterCore
import MusterHTTP
import MusterRuntime

extension CloudError {
    /// What an engine's refusals mean, by a part of their message; the first that fits.
    ///
    /// The API has statuses and sentences, and no codes: these are the sentences of the engine, its runtime and
    /// registries that mean something else than their status.
    private static let sentences: [(part: String, kind: Kind)] = [
        ("no space left on device", .capacity(offering: DockerProvider.machine.name)),
        ("cannot allocate memory", .capacity(offering: DockerProvider.machine.name)),
        ("resource temporarily unavailable", .capacity(offering: DockerProvider.machine.name)),
        ("no available ipv4 addresses", .capacity(offering: DockerProvider.machine.name)),
        ("address pools have been fully subnetted", .capacity(offering: DockerProvider.machine.name)),
        ("toomanyrequests", .throttled(retryAfter: nil)),
        ("too many requests", .throttled(retryAfter: nil)),
        ("pull access denied", .invalidConfig),
        ("manifest unknown", .invalidConfig),
        ("repository name not known", .invalidConfig),
        ("no matching manifest", .invalidConfig),
        ("invalid reference format", .invalidConfig),
        ("unauthorized", .auth),
        ("authentication required", .auth),
        ("executable file not found", .invalidConfig),
        ("exec format error", .invalidConfig),
        ("unable to find user", .invalidConfig),
        ("oci runtime create failed", .invalidConfig),
        ("no such host", .transient),
        ("i/o timeout", .transient),
        ("tls handshake timeout", .transient),
        ("connection refused", .transient),
        ("context deadline exceeded", .transient),
        ("unexpected eof", .transient),
    ]

    /// The kind of a refusal; nil when its message says no more than its status.
    private static func kind(of message: String) -> Kind? {
        let text = message.lowercased()
        return sentences.first { text.contains($0.part) }?.kind
    }

    /// An answer that refuses to do something.
    init(docker response: HTTPResponse, to action: String) {
        struct Refusal: Decodable {
            let message: String?
        }
        let told = (try? response.docker(Refusal.self))?.message ?? ""
        let kind: Kind =
            Self.kind(of: told)
            ?? {
                switch response.status {
                case 400, 404, 405, 409, 413: .invalidConfig
                case 401, 403: .auth
                case 429: .throttled(retryAfter: nil)
                case 500, 502, 503, 504: .transient
                default: .unknown
                }
            }()
        let reason = told.isEmpty ? "" : ": \(Self.shortened(told))"
        self.init(
            kind, cloudCode: "docker-\(response.status)",
            message: "Docker would not \(action)\(reason)")
    }

    /// What went wrong while an image was fetched, as the progress told it.
    init(pulling image: String, _ message: String) {
        self.init(
            Self.kind(of: message) ?? .transient, cloudCode: "docker-pull",
            message: "the image \(image) cannot be fetched: \(Self.shortened(message))")
    }

    /// A call without an answer.
    init(docker problem: Problem, socket: String) {
        switch problem.code {
        case .networkRefused:
            self.init(
                .network, cloudCode: problem.code.rawValue,
                message: "no Docker Engine answers on \(socket): \(problem.message)")
        default: self.init(.network, cloudCode: problem.code.rawValue, message: problem.message)
        }
    }

    /// Registries answer with whole pages.
    private static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 300 ? line.prefix(300) + "…" : line
    }
}

extension HTTPResponse {
    /// The body as a value.
    func docker<Answer: Decodable>(_ type: Answer.Type) throws(CloudError) -> Answer {
        do throws(Problem) {
            return try JSON.decode(type, from: body)
        } catch {
            throw CloudError(
                .unknown, cloudCode: "answer-unexpected",
                message: "Docker's answer cannot be read: \(error.message)")
        }
    }
}
