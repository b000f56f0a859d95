import MusterCore

extension Problem {
    /// Whether nobody was reached, or no answer came: it passes, and is no fault of what was asked.
    var isOfTheNetwork: Bool {
        switch code {
        case .networkRefused, .networkFailed, .networkTimeout: true
        default: false
        }
    }
}
