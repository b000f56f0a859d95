/// The few shapes that pictures are made of, as SVG.
enum SVG {
    /// Text that stands for itself.
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }

    static func text(
        _ text: String, at x: Double, _ y: Double, anchor: String = "start", size: Int = 12,
        bold: Bool = false
    ) -> String {
        let weight = bold ? " font-weight=\"bold\"" : ""
        return "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\" font-size=\"\(size)\""
            + "\(weight)>\(escaped(text))</text>\n"
    }

    static func line(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ style: String
    ) -> String {
        "<line x1=\"\(number(start.x))\" y1=\"\(number(start.y))\" x2=\"\(number(end.x))\" "
            + "y2=\"\(number(end.y))\" \(style)/>\n"
    }

    static func polyline(_ points: [(x: Double, y: Double)], _ style: String) -> String {
        let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        return "<polyline points=\"\(list)\" fill=\"none\" \(style)/>\n"
    }

    /// How the n-th policy's lines are drawn.
    static func stroke(_ index: Int) -> String {
        let line = PlotPolicy.lines[index % PlotPolicy.lines.count]
        let dashes = line.dashes.isEmpty ? "" : " stroke-dasharray=\"\(line.dashes)\""
        return "stroke=\"\(line.colour)\" stroke-width=\"\(number(line.width))\"\(dashes) "
            + "stroke-linejoin=\"round\""
    }

    static func number(_ value: Double) -> String { DecimalText.of(value, places: 1) }
}
