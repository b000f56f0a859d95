import CPostgres
public import MusterCore
public import MusterRuntime

/// Where a PostgreSQL database is and who asks, as libpq understands it.
///
/// What is not said comes from the `PG*` variables and libpq's own files: `PGHOST`, `PGPASSWORD`, `PGSSLMODE`,
/// `~/.pgpass`, ... The password is never shown.
public struct PostgresAddress: Sendable, CustomStringConvertible {
    /// What stands in the string, by libpq's words.
    private let words: [String: Secret<String>]
    /// The same with what libpq adds by itself, the password aside.
    private let known: [String: String]

    /// Reads a connection string: `postgresql://user@host:5432/database?sslmode=verify-full`, or
    /// `host=... dbname=...`; an empty one leaves all to the variables.
    ///
    /// - Parameter password: takes the place of the string's own.
    /// - Throws: `Problem` `input-invalid`.
    public init(_ text: String = "", password: Secret<String>? = nil) throws(Problem) {
        // What libpq says of a string that it cannot read may repeat a part of the password.
        guard let parsed = Self.options({ PQconninfoParse(text, nil) }) else {
            throw Problem(
                .inputInvalid,
                "the connection string of PostgreSQL cannot be read: write postgresql://USER@HOST:PORT/DATABASE "
                    + "or host=HOST port=PORT dbname=DATABASE user=USER")
        }
        let defaults = Self.options { PQconndefaults() } ?? [:]
        var words = parsed.mapValues { Secret($0) }
        if let password { words["password"] = password }
        self.words = words
        var known = defaults.merging(parsed) { _, said in said }
        for secret in ["password", "sslpassword", "passfile"] { known[secret] = nil }
        self.known = known
    }

    /// Words of libpq's with their values, those that are not said left to it.
    ///
    /// - Parameter added: what is meant unless the string says something else.
    func withWords<Result>(
        adding added: [String: String], _ body: ([UnsafePointer<CChar>?], [UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        let all = added.merging(words.mapValues { $0.reveal() }) { _, said in said }.sorted {
            $0.key < $1.key
        }
        let texts = all.map { (Array($0.key.utf8CString), Array($0.value.utf8CString)) }
        let bytes = texts.flatMap { $0.0 + $0.1 }
        return bytes.withUnsafeBufferPointer { buffer in
            var keys: [UnsafePointer<CChar>?] = []
            var values: [UnsafePointer<CChar>?] = []
            var place = 0
            for (key, value) in texts {
                keys.append(buffer.baseAddress.map { $0 + place })
                values.append(buffer.baseAddress.map { $0 + place + key.count })
                place += key.count + value.count
            }
            return body(keys + [nil], values + [nil])
        }
    }

    /// The database for people: `muster at db.example:5432`.
    public var description: String {
        let host = known["host"] ?? known["hostaddr"] ?? "the local socket"
        let user = known["user"] ?? "?"
        return "\(known["dbname"] ?? user) at \(host):\(known["port"] ?? "5432") as \(user)"
    }

    private static func options(
        _ read: () -> UnsafeMutablePointer<PQconninfoOption>?
    ) -> [String: String]? {
        guard let first = read() else { return nil }
        defer { PQconninfoFree(first) }
        var options: [String: String] = [:]
        var option = first
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                options[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        return options
    }
}
