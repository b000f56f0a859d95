extension EventType {
    /// What all types begin with.
    private static let prefix = "dev.muster."

    /// The name as people say it: `worker.stopped`.
    public var shortName: String { String(rawValue.dropFirst(Self.prefix.count)) }

    /// The types that a word means: a whole type, a short one such as `worker.stopped`, or all that begin with
    /// a prefix such as `worker.`.
    ///
    /// - Throws: `Problem` `input-invalid` for a word that means none.
    public static func named(_ word: String, field: String? = nil) throws(Problem) -> Set<EventType> {
        let short = word.hasPrefix(prefix) ? String(word.dropFirst(prefix.count)) : word
        let types = allCases.filter { type in
            type.shortName == short || (short.hasSuffix(".") && type.shortName.hasPrefix(short))
        }
        guard types.isEmpty else { return Set(types) }
        let near = Spelling.nearest(to: short, among: allCases.map(\.shortName) + groups)
        throw Problem(
            .inputInvalid,
            "\(JSONText.quoted(String(word.prefix(80)))) is no type of event"
                + (near.map { "; did you mean \($0)?" } ?? ""), field: field)
    }

    /// The prefixes that there are: `pool.`, `worker.`, ...
    private static let groups = Set(allCases.map { $0.shortName.prefix { $0 != "." } + "." }).map(String.init)
}
