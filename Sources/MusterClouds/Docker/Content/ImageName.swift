/// An image's name taken apart, as pulling wants it.
struct ImageName: Hashable, Sendable {
    /// The name without its tag or digest: `registry.example:5000/team/worker`.
    var repository: String
    /// The tag, or the digest with its algorithm; `latest` where neither is written, since a pull without one
    /// fetches every tag there is.
    var tag: String

    /// Reads a name; nil for what can be none.
    init?(_ text: String) {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.allSatisfy({ (33...126).contains($0) }), text.first != "/",
            text.first != "-",
            !text.contains("//"), !text.contains("?"), !text.contains("#"), !text.contains("%")
        else { return nil }
        if let at = text.firstIndex(of: "@") {
            repository = String(text[..<at])
            tag = String(text[text.index(after: at)...])
            guard tag.contains(":") else { return nil }
        } else if let colon = text.lastIndex(of: ":"), !text[colon...].contains("/") {
            repository = String(text[..<colon])
            tag = String(text[text.index(after: colon)...])
        } else {
            repository = text
            tag = "latest"
        }
        guard !repository.isEmpty, !tag.isEmpty, !repository.contains("@") else { return nil }
    }
}
