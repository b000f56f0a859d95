//                      settle (what came is recorded, what failed classified)
//   planned ──────────────────────────────────────────────────────────────▶ settled
//      │  ▲
//      │  └── send (again: the same bytes)
//      │
//      │  ▲
//      │  └── obtain (some of what it asked for is there, and more may come)
//      │
//      │               abandon (only after a look-up that found nothing)
//      └──────────────────────────────────────────────────────────────────▶ abandoned
//
//   An answer that arrives twice settles once. Instances of an abandoned launch are ended, never adopted.

extension Launch {
    /// Its call is about to be sent. False when it must not be sent any more.
    public mutating func send(at now: Timestamp) -> Bool {
        guard state == .planned else { return false }
        sentAt = now
        attempts += 1
        return true
    }

    /// One more of its instances is there while it is not known yet what comes of all: from now on its worker counts
    /// for itself. False when it is over, or has given all that it asked for.
    public mutating func obtainOne() -> Bool {
        guard state == .planned, obtained < count else { return false }
        obtained += 1
        return true
    }

    /// What came of it is known. False when it was known already.
    public mutating func settle(obtained: Int, error: CloudError?, at now: Timestamp) -> Bool {
        guard state == .planned else { return false }
        state = .settled
        self.obtained = obtained
        self.error = error
        settledAt = now
        return true
    }

    /// Nothing came of it and nothing will be taken from it. False when it was settled already.
    public mutating func abandon(because error: CloudError, at now: Timestamp) -> Bool {
        guard state == .planned else { return false }
        state = .abandoned
        self.error = error
        settledAt = now
        return true
    }
}
