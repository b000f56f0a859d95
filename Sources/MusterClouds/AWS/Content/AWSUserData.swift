import FoundationEssentials
import MusterCore
import MusterCrypto

/// What instances find in their user data: a JSON object for the worker, and what an operator adds.
struct AWSUserData: Hashable, Sendable {
    /// Members of the object beside Muster's.
    var additional: [Document.Member] = []
    var workerConfig: Document?
    /// A script or a cloud-config that runs beside the worker.
    var text: String?

    /// Names that an older worker manager gives meaning to, which its workers read, and Muster's own.
    static let reserved: Set<String> = [
        "launchConfigId", "muster", "providerId", "rootUrl", "workerConfig", "workerGroup", "workerPoolId",
    ]

    /// What a body of user data may begin with to be one of the parts that cloud-init tells apart.
    private static let types = [
        ("#!", "text/x-shellscript"), ("#cloud-config", "text/cloud-config"),
        ("#cloud-boothook", "text/cloud-boothook"), ("#include", "text/x-include-url"),
    ]

    /// Reads the members of a launch config that are about user data; problems go to the reader.
    init(_ reader: DocumentReader) {
        workerConfig = reader.document("workerConfig")
        if let found = workerConfig, found.kind != "an object" {
            reader.refuse("workerConfig", "must be an object, not \(found.kind)")
        }
        if let found = reader.document("additionalUserData") {
            if case .object(let members) = found.value {
                additional = members
                for member in members where Self.reserved.contains(member.name) {
                    reader.refuse("additionalUserData", "must not have \(member.name), which Muster writes")
                }
            } else {
                reader.refuse("additionalUserData", "must be an object, not \(found.kind)")
            }
        }
        text = reader.string("userData", limit: Self.limit)
        if let text, Self.type(text) == nil {
            reader.refuse(
                "userData",
                "must begin with #!, #cloud-config, #cloud-boothook or #include; it is sent as one part of several"
            )
        }
        // Muster's own members take a few hundred bytes; how many is known when a launch is rendered.
        if (try? rendered([])) == nil { reader.refuse("additionalUserData", Self.tooLarge) }
    }

    /// The user data with Muster's own members, in base64 as EC2 wants it.
    ///
    /// - Throws: `Problem` `input-too-large` when it is more than EC2 takes.
    func rendered(_ own: [Document.Member]) throws(Problem) -> String {
        let worker = workerConfig.map { [Document.Member("workerConfig", $0)] } ?? []
        let json = Document(.object(additional + worker + own)).canonicalJSON
        let whole = text.map { Self.parts($0, json) } ?? json
        guard whole.utf8.count <= Self.limit else { throw Problem(.inputTooLarge, Self.tooLarge) }
        return Data(whole.utf8).base64EncodedString()
    }

    /// What EC2 takes, in bytes before base64.
    private static let limit = 16_384
    private static let tooLarge =
        "the user data (additionalUserData, workerConfig, userData and Muster's own members) is more than the"
        + " 16384 bytes that EC2 takes"

    private static func type(_ text: String) -> String? { types.first { text.hasPrefix($0.0) }?.1 }

    /// Several parts as RFC 2046 writes them. The boundary is made of the parts, so that it is in none of them and
    /// the same every time.
    private static func parts(_ text: String, _ json: String) -> String {
        let boundary = "==muster-\(SHA256.hex(text + json).prefix(32))=="
        let head = """
            Content-Type: multipart/mixed; boundary="\(boundary)"
            MIME-Version: 1.0

            """
        func part(_ type: String, _ name: String, _ body: String) -> String {
            """
            --\(boundary)
            Content-Type: \(type); charset="utf-8"
            MIME-Version: 1.0
            Content-Disposition: attachment; filename="\(name)"

            \(body)

            """
        }
        return head + "\n" + part(type(text) ?? "text/plain", "user-data", text)
            + part("application/json", "muster.json", json) + "--\(boundary)--\n"
    }
}
