extension Health {
    /// What became of something that a launch config was asked for: all that its health is made of.
    public enum Outcome: Hashable, Sendable {
        /// So many instances were given.
        case obtained(Int)
        /// So many instances were not given, and why.
        case refused(Int, CloudError.Kind)
        /// Nobody knows what became of a call, nothing came of it, and it is not tried again.
        case abandoned
        /// No call can be made of what the launch config says.
        case unusable
        /// A worker has registered, or is listed as running where none registers.
        case registered
        /// A worker has come to work: it asked for it.
        case heard
        /// A worker was given up that never came to work; whether its instance ran, as far as anybody knows.
        case neverCame(ran: Bool)
    }

    /// Counts an outcome as what it is: a success, a proof, a failure, or nothing that is the launch config's doing.
    ///
    /// The one place for these rules: the service, and the simulator with it, tell what has happened and no more.
    public mutating func note(_ outcome: Outcome, at now: Timestamp) {
        switch outcome {
        case .obtained(let count): obtain(count, at: now)
        // Throttling says something of the API, nothing of the launch config.
        case .refused(_, .throttled): break
        case .refused(let count, _): fail(count, at: now)
        // Whatever it asked for, and whoever is to blame: one thing went wrong.
        case .abandoned, .unusable: fail(at: now)
        case .registered: succeed(at: now)
        case .heard: silentInARow = 0
        case .neverCame(let ran):
            fail(at: now)
            if ran { silentInARow += 1 }
        }
    }

    /// Whether so many in a row ran and never came to work that nothing more should be launched before a person has
    /// looked.
    ///
    /// - Parameter most: how many may be silent; 0 for any number.
    public func isSilent(beyond most: Int) -> Bool { most > 0 && silentInARow >= most }
}
