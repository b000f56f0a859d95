/// The script for fish 3 and later.
struct FishCompletion {
    private let table: CompletionTable

    init(_ table: CompletionTable) { self.table = table }

    var script: String {
        """
        # fish completion for muster; made by: muster completion fish
        function __muster_place
            set -l place muster
            set -l option
            set -l typed (commandline -opc)
            for word in $typed[2..-1]
                if test -n "$option"
                    set option
                    continue
                end
                switch $word
                    case --
                        echo -- --
                        return
                    case '-*'
                        contains -- "$place $word" \(list(table.valued.map(\.pattern)))
                        and set option $word
                    case '*'
                        contains -- "$place $word" \(list(table.places.dropFirst().map(\.name)))
                        and set place "$place $word"
                end
            end
            echo $place
        end

        function __muster_at
            test "$argv[1]" = (__muster_place)
        end

        complete -c muster -f
        complete -c muster -n '__muster_at --' -F
        \(table.places.flatMap(lines).joined(separator: "\n"))

        """
    }

    private func lines(_ place: CompletionTable.Place) -> [String] {
        let start = "complete -c muster -n " + "__muster_at '\(place.name)'".inDoubleQuotes
        var lines = place.commands.map { "\(start) -a \($0.word) -d \($0.summary.quotedForFish)" }
        if place.commands.isEmpty {
            switch place.operand {
            case .choices(let words):
                lines.append("\(start) -a \(words.joined(separator: " ").quotedForFish)")
            case .file: lines.append("\(start) -F")
            case .anything: break
            }
        }
        lines += place.options.map { option in
            let short = option.short.map { " -s \($0)" } ?? ""
            return "\(start)\(short) -l \(option.name)\(act(option.value)) -d \(option.summary.quotedForFish)"
        }
        return lines
    }

    private func act(_ value: CompletionTable.Value?) -> String {
        switch value {
        case nil: ""
        case .choices(let words): " -x -a \(words.joined(separator: " ").quotedForFish)"
        case .file: " -r -F"
        case .anything: " -x"
        }
    }

    private func list(_ words: [String]) -> String { words.map(\.quotedForFish).joined(separator: " ") }
}

extension String {
    /// In single quotes, as fish takes it literally.
    fileprivate var quotedForFish: String {
        "'" + replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }

    /// In double quotes; only for text without anything that is special there.
    fileprivate var inDoubleQuotes: String { "\"\(self)\"" }
}
