/// Writes XML for fakes.
enum XMLText {
    /// An element with characters.
    static func leaf(_ name: String, _ text: String) -> String { "<\(name)>\(escaped(text))</\(name)>" }

    /// An element with others, or an empty one.
    static func element(_ name: String, _ content: String...) -> String {
        "<\(name)>\(content.joined())</\(name)>"
    }

    /// A list, each element of it an `item`.
    static func list(_ name: String, _ items: [String]) -> String {
        element(name, items.map { element("item", $0) }.joined())
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }
}
