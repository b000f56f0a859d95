import MusterCore

/// Reads a proof strictly: every member must be known and be text within its bounds.
struct ProofReader {
    private let reader: DocumentReader
    /// What the worker has made up, so that it can ask again; any proof may have one.
    let nonce: String?

    init(_ proof: Document) {
        reader = DocumentReader(proof)
        nonce = reader.string("nonce", limit: CloudPolicy.nonceBytes)
    }

    /// The member's text; nil when it is absent.
    func text(_ name: String, limit: Int) -> String? { reader.string(name, limit: limit) }

    /// Throws a refusal that names the members at fault.
    func finish() throws(Problem) {
        do {
            try reader.finish()
        } catch {
            throw .refused(
                "the proof cannot be read: \(error.all.prefix(3).map(Self.sentence).joined(separator: "; "))")
        }
    }

    private static func sentence(_ problem: Problem) -> String {
        // A member's name comes from outside too: no more of it than tells a person which it is.
        "\((problem.field ?? "").prefix(40)) \(problem.message)"
    }
}
