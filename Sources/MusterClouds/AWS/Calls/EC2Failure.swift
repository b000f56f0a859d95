import MusterCore

/// A call to EC2 that gave no answer, or one that is an error.
struct EC2Failure: Error, Hashable, Sendable {
    /// The cloud's own code, or the problem's.
    var code: String
    /// The cloud's sentence.
    var message: String
    /// Whether EC2 may have done what was asked all the same.
    var mayHaveArrived: Bool

    /// The failure as the engine knows it.
    ///
    /// - Parameter place: what the call was about, for errors of capacity and quota.
    func error(_ place: AWSErrorTable.Place = .init()) -> CloudError {
        AWSErrorTable.error(code, message, place)
    }
}
