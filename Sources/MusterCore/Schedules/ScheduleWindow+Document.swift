extension ScheduleWindow {
    /// Reads the windows of a pool's config.
    public static func read(_ config: DocumentReader) -> [ScheduleWindow] {
        (config.list("schedule", limit: SchedulePolicy.windows) ?? []).compactMap { element in
            let reader = config.element(element)
            defer { reader.refuseUnknown() }
            return ScheduleWindow(reader)
        }
    }

    private init?(_ reader: DocumentReader) {
        let cron = reader.cron("cron")
        let duration = reader.seconds(
            "duration", SchedulePolicy.shortestWindow...SchedulePolicy.longestWindow)
        for name in ["cron", "duration"] where !reader.has(name) { reader.refuse(name, "is missing") }
        let timeZone = reader.identifier("timeZone", TimeZoneName.self)
        let name = reader.string("name", limit: SchedulePolicy.longestName)
        if let name, name.isEmpty || name.unicodeScalars.contains(where: \.isControl) {
            reader.refuse("name", "must be text on one line")
        }
        let lead = reader.seconds("lead", 0...SchedulePolicy.longestLead)
        let minimum = reader.integer("minimum", 1...1_000_000)
        let headroom = reader.integer("headroom", 1...1_000_000)
        if !reader.has("minimum"), !reader.has("headroom") {
            reader.refuse("minimum", "is missing, and so is headroom")
        }
        guard let cron, let duration else { return nil }
        self.init(
            name: name, cron: cron, timeZone: timeZone ?? .utc, duration: duration, lead: lead ?? .zero,
            minimum: minimum, headroom: headroom)
    }

    /// The window as a definition says it.
    var document: Document {
        .object([
            "name": name.map(Document.string), "cron": .string(cron.description),
            "timeZone": .string(timeZone.rawValue), "duration": .seconds(duration),
            "lead": lead == .zero ? nil : .seconds(lead), "minimum": minimum.map(Document.integer),
            "headroom": headroom.map(Document.integer),
        ])
    }
}

extension [ScheduleWindow] {
    /// The windows as a definition says them.
    public var document: Document { Document(.array(map(\.document))) }
}

extension DocumentReader {
    /// A cron expression.
    fileprivate func cron(_ name: String) -> CronExpression? {
        guard let text = string(name) else { return nil }
        do {
            return try CronExpression(text)
        } catch {
            refuse(name, error.message)
            return nil
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { properties.generalCategory == .control }
}
