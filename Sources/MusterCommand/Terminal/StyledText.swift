/// One line of text whose parts have styles, and that can hold nothing but what is visible.
///
/// Every text that goes in passes `Visible.line`, so that a name or a message from outside cannot bring an
/// escape sequence to the terminal by any way that leads through this type.
struct StyledText: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// A part with one style.
    private struct Span: Hashable, Sendable {
        var text: String
        var style: Style
    }

    private var spans: [Span]

    /// Makes a line of one part.
    init(_ text: String, _ style: Style = .plain) {
        spans = text.isEmpty ? [] : [Span(text: Visible.line(text), style: style)]
    }

    init(stringLiteral text: String) { self.init(text) }

    private init(spans: [Span]) { self.spans = spans }

    static func + (left: StyledText, right: StyledText) -> StyledText {
        StyledText(spans: left.spans + right.spans)
    }

    static func += (left: inout StyledText, right: StyledText) { left.spans += right.spans }

    /// The columns it takes.
    var width: Int { spans.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// The text for output, with escape sequences if `styled`.
    func rendered(styled: Bool) -> String {
        spans.map { span in
            guard styled, let codes = span.style.codes else { return span.text }
            return "\u{1b}[\(codes)m\(span.text)\u{1b}[0m"
        }.joined()
    }

    /// The same if it fits into `columns`, else as much of it as leaves room for "…".
    func cut(to columns: Int) -> StyledText {
        guard width > columns else { return self }
        guard columns > 0 else { return StyledText(spans: []) }
        var room = columns - 1
        var kept: [Span] = []
        for span in spans {
            var text = ""
            for character in span.text {
                let width = DisplayWidth.of(character)
                guard width <= room else {
                    return StyledText(spans: kept + [Span(text: text + "…", style: span.style)])
                }
                room -= width
                text.append(character)
            }
            kept.append(Span(text: text, style: span.style))
        }
        return self
    }

    /// The same with spaces before or after it, so that it takes `columns` at least.
    func padded(to columns: Int, atStart: Bool = false) -> StyledText {
        let missing = columns - width
        guard missing > 0 else { return self }
        let spaces = StyledText(spans: [Span(text: String(repeating: " ", count: missing), style: .plain)])
        return atStart ? spaces + self : self + spaces
    }
}
