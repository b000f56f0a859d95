extension ScheduledFloor {
    /// Reads what the windows ask for, as a snapshot that somebody else writes has it.
    init(_ reader: DocumentReader) {
        self.init(
            minimum: reader.integer("minimum", 0...1_000_000_000) ?? 0,
            headroom: reader.integer("headroom", 0...1_000_000_000) ?? 0, until: reader.moment("until"))
        reader.refuseUnknown()
    }
}
