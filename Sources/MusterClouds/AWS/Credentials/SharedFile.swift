/// One of AWS's shared files: sections of names and values.
///
/// Settings within settings (lines that begin with white space) are left out: nothing that is read here is one.
struct SharedFile: Sendable {
    private var sections: [String: [String: String]] = [:]

    /// Reads a file. A section of its name given twice is one.
    ///
    /// - Parameter isConfig: whether profiles other than the default one are called `profile NAME`.
    init(_ text: String, isConfig: Bool) {
        var section: String?
        for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
            if first == "[" {
                let name = Self.trimmed(line.dropFirst().prefix { $0 != "]" })
                section = Self.profile(name, isConfig: isConfig)
                continue
            }
            guard let section, let sign = line.firstIndex(of: "=") else { continue }
            let name = Self.trimmed(line[..<sign]).lowercased()
            sections[section, default: [:]][name] = Self.value(line[line.index(after: sign)...])
        }
    }

    /// What stands under a profile's name; nil when there is no such section, or an empty one.
    func profile(_ name: String) -> [String: String]? { sections[name] }

    /// The profile that a section is of; nil for sections of something else.
    private static func profile(_ section: String, isConfig: Bool) -> String? {
        guard isConfig, section != "default" else { return section }
        let words = section.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard words.count == 2, words[0] == "profile" else { return nil }
        return trimmed(words[1])
    }

    /// The value without a comment: one begins with white space and `#` or `;`.
    private static func value(_ text: Substring) -> String {
        var end = text.endIndex
        var previous: Character = " "
        for index in text.indices {
            if previous.isWhitespace, text[index] == "#" || text[index] == ";" {
                end = index
                break
            }
            previous = text[index]
        }
        return trimmed(text[..<end])
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
