import FoundationEssentials
public import MusterCore

extension JSON {
    /// `value` as JSON with sorted names and unescaped slashes.
    ///
    /// `value` must be one whose encoding cannot fail: its types encode themselves by synthesis. Numbers
    /// that JSON has no words for become the strings "Infinity", "-Infinity" and "NaN".
    public static func encode(_ value: some Encodable, pretty: Bool = false) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            return Array(try encoder.encode(value))
        } catch {
            preconditionFailure("\(type(of: value)) cannot be encoded: \(error)")
        }
    }

    /// Reads a value of `type`.
    ///
    /// - Throws: `Problem` `input-malformed` with the line when it is no JSON, `input-invalid` with the field
    ///   when it is not of the type; a `Problem` thrown by the type's own decoding as it is.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: some Collection<UInt8>
    ) throws(Problem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let problem as Problem {
            throw problem
        } catch let problems as Problems {
            throw problems.all[0]
        } catch let error as DecodingError {
            // Foundation does not say where a syntax error is; our own parser does. It says the same of a number
            // that does not fit its field, and nothing of which.
            if case .dataCorrupted(let context) = error, context.codingPath.isEmpty {
                _ = try document(Array(bytes))
                throw Problem(.inputInvalid, "has a number that is too large for its field, or not whole")
            }
            throw Problem(decoding: error)
        } catch {
            throw Problem(.inputInvalid, "cannot be read: \(error)")
        }
    }
}

extension Problem {
    /// Says what the decoder found wrong, and at which field.
    init(decoding error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(.inputInvalid, "is missing", field: (context.codingPath + [key]).fieldPath)
        case .valueNotFound(let type, let context):
            self.init(
                .inputInvalid, "must be \(Self.noun(type)), not null", field: context.codingPath.fieldPath)
        case .typeMismatch(let type, let context):
            self.init(.inputInvalid, "must be \(Self.noun(type))", field: context.codingPath.fieldPath)
        case .dataCorrupted(let context):
            self.init(.inputInvalid, context.debugDescription, field: context.codingPath.fieldPath)
        @unknown default:
            self.init(.inputInvalid, "cannot be read")
        }
    }

    private static func noun(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [Any].Type: "a list"
        case is [String: Any].Type: "an object"
        default: "a \(type)"
        }
    }
}
