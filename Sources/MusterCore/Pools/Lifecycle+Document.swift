extension Lifecycle {
    private static let fields:
        [(name: String, path: any WritableKeyPath<Lifecycle, Duration> & Sendable, least: Double)] = [
            ("launchTimeout", \.launchTimeout, 1),
            ("registrationTimeout", \.registrationTimeout, 1),
            ("firstContactTimeout", \.firstContactTimeout, 1),
            ("suspicionTimeout", \.suspicionTimeout, 1),
            ("queueInactivityTimeout", \.queueInactivityTimeout, 1),
            ("reregistrationTimeout", \.reregistrationTimeout, 60),
            ("idleTimeout", \.idleTimeout, 0),
            ("stoppingTimeout", \.stoppingTimeout, 1),
            ("claimTimeout", \.claimTimeout, 1),
            ("runningAfter", \.runningAfter, 0),
        ]

    /// Reads the times that a definition gives; those it leaves out keep their defaults.
    public init(_ reader: DocumentReader) {
        self.init()
        for field in Self.fields {
            if let time = reader.seconds(field.name, field.least...Self.longest) {
                self[keyPath: field.path] = time
            }
        }
        maximumLifetime = reader.seconds("maximumLifetime", 60...Self.longest)
        reader.refuseUnknown()
    }

    /// The times as a definition gives them, in seconds.
    public var document: Document {
        var members = Self.fields.map { Document.Member($0.name, .seconds(self[keyPath: $0.path])) }
        if let maximumLifetime { members.append(.init("maximumLifetime", .seconds(maximumLifetime))) }
        return Document(.object(members))
    }

    /// A year: a longer time is a mistake of units.
    private static let longest = 366.0 * 86_400
}

extension Document {
    /// A length of time as a number of seconds.
    public static func seconds(_ duration: Duration) -> Document {
        let milliseconds = duration.milliseconds
        guard milliseconds % 1_000 == 0 else { return Document(.number(Double(milliseconds) / 1_000)) }
        return Document(.integer(milliseconds / 1_000))
    }
}
