import MusterCore
import MusterRuntime

/// Values as JSON text in a column. What cannot be read was not written by Muster: `Problem` `store-failed`.
enum StoredJSON {
    static func text(_ value: some Encodable) -> String {
        String(decoding: JSON.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws(Problem) -> Value {
        do {
            return try JSON.decode(type, from: Array(text.utf8))
        } catch {
            throw damaged(error.message)
        }
    }

    static func document(_ text: String) throws(Problem) -> Document {
        do {
            return try JSON.document(Array(text.utf8))
        } catch {
            throw damaged(error.message)
        }
    }

    static func damaged(_ reason: String) -> Problem {
        Problem(.storeFailed, "a column of the store does not hold the JSON that it should: \(reason)")
    }
}
