import FoundationEssentials
import MusterCore

/// Values as JSON text in a column.
enum StoredJSON {
    static func text(_ value: some Encodable) throws(Problem) -> String {
        do {
            return String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        } catch {
            throw Problem(.internalError, "a value could not be written as JSON")
        }
    }

    static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws(Problem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw Problem(.storeFailed, "a column of the store does not hold the JSON that it should")
        }
    }
}
