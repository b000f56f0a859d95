import MusterCore
import MusterRuntime

/// A good answer of EC2's, not read yet.
struct EC2Answer: Sendable {
    let action: String
    let body: [UInt8]
    /// Whether an attempt before it may have been carried out: that it made nothing does not follow from the answer.
    var mayBeRepeated = false
    /// What must not be in a text of it that is kept.
    var redaction = Redaction()

    /// The wanted elements, in the order in which they end.
    ///
    /// - Parameter required: lists that must be there, be they empty. Any other page of XML would be one without
    ///   instances.
    /// - Throws: `EC2Failure` when this is no whole answer to the action: it arrived then.
    func elements(
        _ wishes: [XMLWish], requiring required: Set<String> = []
    ) throws(EC2Failure) -> [(wish: Int, element: XMLElement)] {
        do throws(Problem) {
            return try XML.elements(
                wishes, shape: XMLShape(root: "\(action)Response", requiring: required), in: body)
        } catch {
            throw EC2Failure(code: error.code.rawValue, message: error.message, mayHaveArrived: true)
        }
    }

    /// The elements of a list, which must be there.
    func items(_ path: String, keeping: Set<String>? = nil) throws(EC2Failure) -> [XMLElement] {
        try elements([XMLWish(path, keeping: keeping)], requiring: Self.list(of: path)).map(\.element)
    }

    /// The list that a path begins with.
    static func list(of path: String) -> Set<String> { [String(path.prefix { $0 != "/" })] }

    /// That it says something that EC2 does not say.
    func unexpected(_ words: String) -> EC2Failure {
        EC2Failure(code: "answer-unexpected", message: "\(action) \(words)", mayHaveArrived: true)
    }
}
