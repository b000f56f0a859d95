/// A table as the schema's history makes it, by which its rows are copied from one engine to another.
struct TableShape: Sendable {
    /// Its name.
    let name: String
    /// Its columns, in the order of the schema.
    let columns: [String]
    /// The columns that tell one row from another, in whose order rows are copied.
    let key: [String]
    /// The column that the engine counts up; nil for none.
    let serial: String?

    /// The tables of a schema, those that others refer to first.
    static func all(of history: [Migration] = Migration.all) -> [TableShape] {
        history.flatMap(\.steps).compactMap { step in
            guard case .table(let name, _, let columns) = step else { return nil }
            return TableShape(name, columns)
        }
    }

    /// Reads what stands between the parentheses of `CREATE TABLE`.
    init(_ name: String, _ definition: String) {
        self.name = name
        var columns: [String] = []
        var key: [String] = []
        var serial: String?
        for part in Self.parts(of: definition) {
            if part.hasPrefix("FOREIGN KEY") || part.hasPrefix("UNIQUE") { continue }
            if part.hasPrefix("PRIMARY KEY") {
                key = Self.parts(of: part.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" })
                continue
            }
            let words = part.split(separator: " ").map(String.init)
            guard let column = words.first else { continue }
            columns.append(column)
            if part.contains(SchemaStep.inOrderOfCommits) {
                key = [column]
            } else if part.contains("SERIAL PRIMARY KEY") {
                (key, serial) = ([column], column)
            } else if part.contains("PRIMARY KEY") {
                key = [column]
            }
        }
        (self.columns, self.key, self.serial) = (columns, key, serial)
    }

    /// What stands between the commas that are not in parentheses.
    private static func parts(of text: some StringProtocol) -> [String] {
        var parts: [String] = []
        var part = ""
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 {
                parts.append(part)
                part = ""
            } else {
                part.append(character.isNewline ? " " : character)
            }
        }
        parts.append(part)
        return parts.map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    }
}
