import MusterCore

extension Trace {
    private enum Column: String, CaseIterable {
        case arrival = "arrival_s"
        case duration = "duration_s"
        case tenant
        case priority
    }

    /// Whether the bytes begin like a table with a heading.
    static func isCSV(_ bytes: [UInt8]) -> Bool {
        Column.allCases.contains { bytes.starts(with: Array($0.rawValue.utf8)) }
    }

    /// Reads lines of `arrival_s,duration_s[,tenant,priority]` below a heading that names the columns.
    ///
    /// Tasks may stand in any order. Empty lines say nothing; an empty tenant or priority is the usual one.
    /// - Throws: `Problem` `input-malformed` or `input-invalid` with the line and the column.
    init(name: String, csv bytes: [UInt8]) throws(Problem) {
        var columns: [Column] = []
        var raw: [Raw] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let isWindows = line.last == UInt8(ascii: "\r")
            let text = String(decoding: isWindows ? line.dropLast() : line, as: UTF8.self)
            guard !text.isEmpty else { continue }
            let fields = text.split(separator: ",", omittingEmptySubsequences: false).map { Self.trimmed($0) }
            if columns.isEmpty {
                columns = try Self.columns(fields, line: number)
            } else {
                raw.append(try Self.task(fields, columns, line: number))
            }
        }
        guard !columns.isEmpty else {
            throw Problem(
                .inputMalformed,
                "\(name) is empty: the first line must name the columns arrival_s,duration_s",
                line: 1)
        }
        try self.init(name: name, raw)
    }

    private static func columns(_ fields: [Substring], line: Int) throws(Problem) -> [Column] {
        var columns: [Column] = []
        for field in fields {
            guard let column = Column(rawValue: String(field)) else {
                let near = Spelling.nearest(to: String(field), among: Column.allCases.map(\.rawValue))
                throw Problem(
                    .inputMalformed,
                    "there is no column \(JSONText.quoted(String(field.prefix(80))))"
                        + (near.map { "; did you mean \($0)?" } ?? ""),
                    line: line)
            }
            guard !columns.contains(column) else {
                throw Problem(.inputMalformed, "is named twice", field: column.rawValue, line: line)
            }
            columns.append(column)
        }
        for needed in [Column.arrival, .duration] where !columns.contains(needed) {
            throw Problem(.inputMalformed, "is missing in the heading", field: needed.rawValue, line: line)
        }
        return columns
    }

    private static func task(
        _ fields: [Substring], _ columns: [Column], line: Int
    ) throws(Problem) -> Raw {
        guard fields.count == columns.count else {
            throw Problem(
                .inputMalformed, "has \(fields.count) fields, and the heading \(columns.count)", line: line)
        }
        var task = Raw(arrival: 0, duration: 0)
        for (column, field) in zip(columns, fields) {
            switch column {
            case .arrival: task.arrival = try milliseconds(field, column, line)
            case .duration: task.duration = try milliseconds(field, column, line)
            case .tenant where !field.isEmpty:
                do {
                    task.tenant = try Tenant(validating: String(field), field: column.rawValue)
                } catch {
                    throw Problem(error.code, error.message, field: error.field, line: line)
                }
            case .priority where !field.isEmpty:
                guard let priority = Priority(rawValue: String(field)) else {
                    let all = Priority.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Problem(
                        .inputInvalid,
                        "must be one of \(all), not \(JSONText.quoted(String(field.prefix(80))))",
                        field: column.rawValue, line: line)
                }
                task.priority = priority
            case .tenant, .priority: break
            }
        }
        return task
    }

    /// A hundred years: more is a mistake of units.
    private static let mostSeconds = 3_155_760_000.0

    private static func milliseconds(
        _ field: Substring, _ column: Column, _ line: Int
    ) throws(Problem) -> Int64 {
        guard let seconds = Double(field), (0...mostSeconds).contains(seconds) else {
            throw Problem(
                .inputInvalid,
                "must be a number of seconds that is not negative, not "
                    + JSONText.quoted(String(field.prefix(80))), field: column.rawValue, line: line)
        }
        return Int64((seconds * 1_000).rounded())
    }

    private static func trimmed(_ field: Substring) -> Substring {
        let front = field.drop { $0 == " " || $0 == "\t" }
        guard let last = front.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return front[...last]
    }
}
