extension Document: Codable {
    public init(from decoder: any Decoder) throws {
        if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
            let members = try keyed.allKeys.map {
                Member($0.stringValue, try keyed.decode(Document.self, forKey: $0))
            }
            self.init(.object(members.sorted { $0.name < $1.name }))
            return
        }
        if var list = try? decoder.unkeyedContainer() {
            var elements: [Document] = []
            while !list.isAtEnd { elements.append(try list.decode(Document.self)) }
            self.init(.array(elements))
            return
        }
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self.init(.null)
        } else if let flag = try? single.decode(Bool.self) {
            self.init(.boolean(flag))
        } else if let integer = try? single.decode(Int64.self) {
            self.init(.integer(integer))
        } else if let number = try? single.decode(Double.self) {
            self.init(.number(number))
        } else {
            self.init(.string(try single.decode(String.self)))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch value {
        case .object(let members):
            var container = encoder.container(keyedBy: AnyKey.self)
            for member in members { try container.encode(member.document, forKey: AnyKey(member.name)) }
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        default:
            var container = encoder.singleValueContainer()
            switch value {
            case .boolean(let flag): try container.encode(flag)
            case .integer(let integer): try container.encode(integer)
            case .number(let number): try container.encode(number)
            case .string(let text): try container.encode(text)
            default: try container.encodeNil()
            }
        }
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
