/// What a piece of text is, from which follows how a terminal shows it.
enum Style: Hashable, Sendable, CaseIterable {
    case plain
    /// A title or a name that leads.
    case strong
    /// Of less interest than the rest.
    case faint
    case good
    case warning
    case bad
    /// A name that one might look for.
    case accent

    /// The numbers of the SGR escape sequence; nil for plain text.
    var codes: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .warning: "33"
        case .bad: "31"
        case .accent: "36"
        }
    }
}
