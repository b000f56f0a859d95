/// The name of a size of machines, such as `Standard_D4ads_v5`.
enum AzureSize {
    /// Whether `text` may be one.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (97...122).contains($0 | 0x20) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: "-")
            }
    }

    /// The family whose quota its cores count towards, in small letters: the size without its number of cores.
    ///
    /// `Standard_D4ads_v5` is of `dadsv5`. Azure's own names add "standard" and "Family" to that.
    static func family(_ size: String) -> String {
        var words = size.lowercased().split(separator: "_").map(String.init)
        if words.count > 1 { words.removeFirst() }
        guard let first = words.first else { return "" }
        let letters = first.prefix { $0.isLetter }
        // Fewer cores of a larger machine count as those of the larger one: e8-4s.
        let features = first.dropFirst(letters.count).filter { $0.isLetter }
        return letters + features + words.dropFirst().joined()
    }
}
