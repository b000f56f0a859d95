/// Filters of lists (AIP-160, as far as Compute Engine takes it).
enum GoogleFilter {
    /// One comparison. The value is quoted; what we compare with has no quotes in it.
    static func term(_ field: String, _ value: String) -> String {
        "\(field) = \"\(value.filter { $0 != "\"" && $0 != "\\" })\""
    }

    /// Any of several comparisons; nil when there are too many of them for an address.
    static func any(_ terms: [(name: String, value: String)]) -> String? {
        guard (1...GooglePolicy.filterTerms).contains(terms.count) else { return nil }
        let words = terms.map { term($0.name, $0.value) }
        return words.count == 1 ? words[0] : words.map { "(\($0))" }.joined(separator: " OR ")
    }
}
