import MusterCore

/// What went wrong between here and the server.
struct PostgresFailure: Error {
    /// What it means for the transaction.
    enum Kind: Hashable {
        /// The connection is gone, and the transaction with it; while a commit was on its way, nobody knows.
        case lost
        /// The server took the transaction back because of others: it may run again.
        case conflict
        /// What this connection has prepared does not fit the tables any more: it may run again on another.
        case stale
        /// The server can be reached, and will not do it, also if it is asked again.
        case refused
    }

    let kind: Kind
    /// PostgreSQL's own five letters for it; nil when the server said nothing.
    let state: String?
    let message: String

    init(_ kind: Kind, state: String? = nil, _ message: String) {
        self.kind = kind
        self.state = state
        self.message = message
    }

    /// An error as the server reports it; `isFatal` when it ends the connection.
    init(state: String, isFatal: Bool, message: String) {
        let kind: Kind =
            switch state {
            // Ended by somebody, by a shutdown or by a timeout: what was begun is taken back.
            case _ where isFatal: .lost
            // A serialization failure, a deadlock, a lock that was not given in time.
            case "40001", "40P01", "55P03": .conflict
            // A plan whose columns have changed, and a statement that somebody else's pooling has dropped.
            case "0A000" where message.contains("cached plan"), "26000": .stale
            default: .refused
            }
        self.init(kind, state: state, message)
    }

    /// The same for whoever called.
    var problem: Problem {
        switch state {
        case "53100":
            Problem(
                .storeFull, "the disk of the database is full: make room, and everything goes on by itself")
        case "25006":
            Problem(
                .storeFailed,
                "the database takes no writes (\(message)): a standby, or default_transaction_read_only; "
                    + "name the primary")
        case "57014":
            Problem(.storeFailed, "the database gave up a statement that took too long (\(message))")
        case "53300":
            Problem(
                .storeFailed,
                "the database has no connection left (\(message)): raise max_connections, or end others")
        case "57P01", "57P02", "57P03":
            Problem(.storeFailed, "the database is starting or shutting down (\(message))")
        case "3D000":
            Problem(
                .storeFailed, "there is no such database (\(message)): create it, and grant it to the user")
        case "42501":
            Problem(.storeFailed, "the database does not permit it (\(message)): grant it to the user")
        case .some(let state) where state.hasPrefix("28"):
            Problem(
                .storeFailed,
                "the database does not let this user in (\(message)): see the connection string, "
                    + "PGPASSWORD and the server's pg_hba.conf")
        case .some(let state): Problem(.storeFailed, "the database failed: \(message) (\(state))")
        case nil: Problem(.storeFailed, message)
        }
    }
}
