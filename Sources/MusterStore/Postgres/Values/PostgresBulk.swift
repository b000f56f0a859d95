import MusterCore

/// Many lists of values as one statement: the lists travel as an array for each column, and become rows `given`.
struct PostgresBulk {
    /// The column of an answer that says for which list it is, counted from 1.
    static let number = "given_number"

    private let source: String
    /// What stands for each value of a list.
    private let places: [String]
    private let parameters: PostgresParameters

    /// - Throws: `Problem` `store-failed` when lists have different lengths.
    init(_ lists: [[any SQLConvertible]]) throws(Problem) {
        let lists = lists.map { $0.map(\.sqlValue) }
        let width = lists.first?.count ?? 0
        guard lists.allSatisfy({ $0.count == width }) else {
            throw Problem(.storeFailed, "the lists of values for one statement differ in length")
        }
        var parameters = PostgresParameters()
        var names: [String] = []
        places = (0..<width).map { column in
            let values = lists.map { $0[column] }
            // Of nulls alone nobody could tell the type.
            guard values.contains(where: { $0 != .null }) else { return "NULL" }
            parameters.append(column: values)
            names.append("v\(names.count + 1)")
            return "given.v\(names.count)"
        }
        if names.isEmpty {
            parameters.append(.integer(Int64(lists.count)))
            source = "generate_series(1, $1::int8) AS given(number)"
        } else {
            let arrays = (1...names.count).map { "$\($0)" }.joined(separator: ", ")
            source = "unnest(\(arrays)) WITH ORDINALITY AS given(\(names.joined(separator: ", ")), number)"
        }
        self.parameters = parameters
    }

    /// A query for each list.
    func query(_ sql: String) -> PostgresCommand {
        PostgresCommand(
            "SELECT given.number AS \(Self.number), answer.* FROM \(source) CROSS JOIN LATERAL (\(filled(sql))) AS answer",
            parameters)
    }

    /// A change for each list.
    func change(_ change: BulkChange) throws(Problem) -> PostgresCommand {
        guard places.count == change.columns.count else {
            throw Problem(
                .storeFailed,
                "a change of \(change.table) takes \(change.columns.count) values, not \(places.count)")
        }
        let table = change.table
        switch change.kind {
        case .insertion(let onConflict):
            let conflict = onConflict.map { " ON CONFLICT \($0)" } ?? ""
            return PostgresCommand(
                """
                INSERT INTO \(table) (\(change.columns.joined(separator: ", ")))
                SELECT \(places.joined(separator: ", ")) FROM \(source)\(conflict)
                """, parameters)
        case .update(let keys, let changes):
            let sets = zip(changes, places.dropFirst(keys.count)).map { change, place in
                switch change {
                case .set(let column): "\(column) = \(place)"
                case .add(let column): "\(column) = \(table).\(column) + \(place)"
                }
            }
            let conditions = zip(keys, places).map { "\(table).\($0) = \($1)" }
            return PostgresCommand(
                """
                UPDATE \(table) SET \(sets.joined(separator: ", ")) FROM \(source)
                WHERE \(conditions.joined(separator: " AND "))
                """, parameters)
        }
    }

    /// A statement with the places in the lists instead of `$1`, `$2`, ...; text in quotes stays as it is.
    private func filled(_ sql: String) -> String {
        var text = ""
        var isQuoted = false
        var rest = sql[...]
        while let character = rest.popFirst() {
            if character == "'" { isQuoted.toggle() }
            let digits = character == "$" && !isQuoted ? rest.prefix { $0.isASCII && $0.isNumber } : ""
            guard let number = Int(digits), places.indices.contains(number - 1) else {
                text.append(character)
                continue
            }
            text += places[number - 1]
            rest = rest.dropFirst(digits.count)
        }
        return text
    }
}
