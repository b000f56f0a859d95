import MusterCore

extension Problem {
    /// A registration is refused; the message says what was wrong and repeats nothing of the proof.
    static func refused(_ message: String) -> Problem { Problem(.registrationRefused, message) }
}
