extension Availability {
    /// Reads what a snapshot's launch config says of its offerings.
    ///
    /// Until when an offering is unavailable counts the marks of its scopes: which those are is only told of.
    init(offeringsOf config: DocumentReader, at now: Timestamp) {
        var marks = OfferingMarks()
        var offerings: [Offering] = []
        var taken: Set<String> = []
        for element in config.list("offerings") ?? [] {
            let reader = config.element(element)
            let name = reader.string("name", limit: OfferingPolicy.longestName)
            if name == nil, !reader.has("name") { reader.refuse("name", "is missing") }
            if name == "" { reader.refuse("name", "must not be empty") }
            if let name, !taken.insert(name).inserted {
                reader.refuse("name", "\(JSONText.quoted(name)) is there twice")
            }
            _ = reader.strings("scopes")
            let until = reader.moment("unavailableUntil")
            let markedAt = reader.moment("markedAt")
            if markedAt != nil, !reader.has("unavailableUntil") {
                reader.refuse("markedAt", "means nothing without unavailableUntil")
            }
            if let until, let markedAt, markedAt > until {
                reader.refuse("markedAt", "is later than unavailableUntil")
            }
            reader.refuseUnknown()
            guard let name else { continue }
            offerings.append(Offering(name: name))
            if let until {
                marks.add(
                    OfferingMark(
                        providerID: ProviderID(rawValue: ""), name: name, cause: .capacity, cloudCode: "",
                        message: "", markedAt: markedAt ?? min(now, until), until: until))
            }
        }
        self = marks.availability(of: offerings, at: now)
        guard case .closed(var closure) = self else { return }
        closure.reason = ""
        self = .closed(closure)
    }
}
