import MusterCore
import MusterRuntime

/// A page of docs/reference, and the keys that its tables explain.
///
/// A table's first column has the key in backticks; a heading of the second level with a key in backticks puts
/// that in front of the keys of the tables below it. The second column is the default: in backticks or as a
/// bare number, or the words `none`, `empty` and `required`, or `made from ...`.
struct ReferencePage {
    /// The whole page.
    let text: String
    /// What it says of each key.
    let rows: [Row]

    struct Row {
        /// The path, such as `config.lifecycle.idleTimeout`.
        let key: String
        let standard: Default
        /// The variable of the environment that takes its place; nil for none.
        let variable: String?
    }

    enum Default: Equatable {
        case value(Document)
        case none
        case required
        /// What the code makes of other values.
        case made
    }

    init(_ name: String) throws {
        let folder = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        text = String(
            decoding: try TextFile.read("\(folder)/docs/reference/\(name)", limit: 1 << 20), as: UTF8.self)
        var prefix = ""
        var rows: [Row] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") {
                let parts = line.split(separator: "`", omittingEmptySubsequences: false)
                prefix = parts.count > 1 ? parts[1] + "." : ""
            }
            let cells = line.split(separator: "|").map { $0.trimming() }
            guard line.hasPrefix("| `"), cells.count >= 3, let key = cells[0].inBackticks else { continue }
            let variables = cells.compactMap(\.inBackticks).filter { $0.hasPrefix("MUSTER_") }
            rows.append(
                Row(key: prefix + key, standard: try Self.standard(cells[1]), variable: variables.first))
        }
        self.rows = rows
    }

    private static func standard(_ cell: String) throws -> Default {
        switch cell {
        case "none", "the instance's own", "Muster's own": .none
        case "required": .required
        case "empty": .value(.string(""))
        case _ where cell.hasPrefix("made from "): .made
        default: .value(try YAML.document(Array((cell.inBackticks ?? cell).utf8)))
        }
    }
}

extension Document {
    /// The same with `value` at a path; objects are made on the way, and what is there is replaced. Within a
    /// list it is put into every element.
    func setting(_ path: String, to value: Document?) -> Document {
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard let name = parts.first else { return value ?? self }
        if case .array(let elements) = self.value {
            return Document(.array(elements.map { $0.setting(path, to: value) }))
        }
        let old = self[name]
        let new = parts.count == 1 ? value : (old ?? Document(.object([]))).setting(parts[1], to: value)
        var members: [Member] = []
        if case .object(let known) = self.value { members = known }
        if let index = members.firstIndex(where: { $0.name == name }) {
            if let new { members[index].document = new } else { members.remove(at: index) }
        } else if let new {
            members.append(Member(name, new))
        }
        return Document(.object(members))
    }
}

extension Substring {
    fileprivate func trimming() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

extension String {
    /// What is between the backticks that it begins and ends with.
    fileprivate var inBackticks: String? {
        guard count > 2, hasPrefix("`"), hasSuffix("`") else { return nil }
        return String(dropFirst().dropLast())
    }
}
