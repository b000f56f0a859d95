extension ServerResponse {
    /// What keeps this answer from being sent, if anything does: a status that is no final one, or a
    /// header that would break out of its line.
    var defect: String? {
        guard (200...599).contains(status) else { return "status \(status) is not a final status" }
        for header in headers {
            guard HeaderSyntax.isToken(header.name) else { return "a header name is not a token" }
            guard HeaderSyntax.isFieldValue(header.value) else {
                return "the header \(header.name) has a control character in its value"
            }
        }
        return nil
    }

    /// The headers that the server sends as they are.
    var ownHeaders: [(name: String, value: String)] {
        headers.filter { header in
            !header.value.isEmpty
                && !["content-length", "transfer-encoding", "date"].contains(header.name.lowercased())
        }
    }
}
