import MusterAPI
import MusterCore

extension Command.Option {
    /// How many elements a listing shows.
    static let limit = value(
        "limit", "N", "show so many at most; \(ClientPolicy.listingLimit) without it")

    /// The pool that a listing is about.
    static let pool = value("pool", "POOL", "only those of one worker pool")
}

extension ParsedArguments {
    /// How many elements a listing shows.
    func limit() throws(Problem) -> Int {
        try integer("limit", 1...ClientPolicy.longestListing) ?? ClientPolicy.listingLimit
    }

    /// The pool that the option names.
    func poolOption() throws(Problem) -> PoolID? { try identifier("pool", PoolID.self) }

    /// The operand as an identifier.
    func operand<ID: Identifier>(_ name: String, _ type: ID.Type) throws(Problem) -> ID {
        do {
            return try ID(validating: try required(name))
        } catch {
            throw Problem(.usage, error.message)
        }
    }
}

extension Setup {
    /// Writes a listing as a table, and says when there is more.
    func list<Answer: PagedAnswer>(_ answer: Answer, _ table: (Answer) -> Table) throws {
        try self.answer(answer) {
            try output.print(table(answer))
            guard answer.continuationToken != nil else { return }
            try say(
                StyledText("there are more than these \(answer.elements.count): --limit shows them", .faint))
        }
    }
}
