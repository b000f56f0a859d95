import MusterCore
import MusterRuntime

/// What RunInstances answers.
struct RunAnswer: Sendable {
    let instances: [EC2Instance]

    /// - Throws: `EC2Failure` when the answer cannot be read: the call arrived then.
    init(_ answer: EC2Answer) throws(EC2Failure) {
        instances = try EC2Instance.all(at: "instancesSet/item", in: answer)
        guard !instances.isEmpty else { throw answer.unexpected("answered without an instance") }
    }
}
