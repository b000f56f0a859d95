/// Up to where every written event has its position, or was never committed: a look for those without one begins
/// there, and not at the remains of all that were numbered before.
///
/// What is written has a number from a sequence, and takes it in a transaction that has its own by then. So when
/// all transactions have ended that had begun when the sequence stood at a number, nothing up to that number is
/// still to come.
struct NumberingFloor: Sendable {
    /// What a numbering sees before it numbers, in this order.
    struct View: Sendable {
        /// The last number of a written event.
        let lastWritten: Int64
        /// The oldest transaction that goes on.
        let oldest: Int64
        /// One that began to write after that number was given, and so after whatever had one up to it.
        let newest: Int64
    }

    /// The number up to which nothing is to be looked for.
    private(set) var written: Int64 = 0
    /// The next floor, and the transaction before which all must have ended.
    private var coming: (written: Int64, before: Int64)?

    /// Notes what was seen by a numbering that then numbered all that it found.
    mutating func note(_ view: View) {
        // A server that has lost what another had confirmed gives numbers anew.
        if view.lastWritten < written { self = NumberingFloor() }
        if let coming, view.oldest >= coming.before {
            written = coming.written
            self.coming = nil
        }
        if coming == nil { coming = (view.lastWritten, view.newest) }
    }
}
