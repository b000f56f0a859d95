/// The script for bash 4 and later.
struct BashCompletion {
    private let table: CompletionTable

    init(_ table: CompletionTable) { self.table = table }

    var script: String {
        """
        # bash completion for muster; made by: muster completion bash
        _muster() {
            local current=${COMP_WORDS[COMP_CWORD]} place=muster option= word index
            local IFS=$' \\t\\n'
            COMPREPLY=()
            for ((index = 1; index < COMP_CWORD; index++)); do
                word=${COMP_WORDS[index]}
                if [[ -n $option ]]; then
                    # bash splits --option=value into three words.
                    [[ $word == = ]] || option=
                    continue
                fi
                case $word in
                    --) place=--; break ;;
                    -*) case "$place $word" in
        \(valued)
                        esac ;;
                    *) case "$place $word" in
        \(places)
                        esac ;;
                esac
            done
            [[ $current == = ]] && current=
            if [[ -n $option ]]; then
                case "$place $option" in
        \(values)
                esac
            elif [[ $place == -- ]]; then
                _muster_files
            elif [[ $current == -* ]]; then
                case $place in
        \(options)
                esac
            else
                case $place in
        \(operands)
                esac
            fi
        }

        _muster_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }

        _muster_files() {
            compopt -o filenames 2> /dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
        }

        complete -F _muster muster

        """
    }

    private var valued: String {
        line(table.valued.map(\.pattern), "option=$word", indent: 20)
    }

    private var places: String {
        line(table.places.dropFirst().map(\.name), "place=\"$place $word\"", indent: 20)
    }

    private var values: String {
        lines(table.valued.compactMap { pattern, value in act(value).map { (pattern, $0) } }, indent: 12)
    }

    private var options: String {
        lines(
            table.places.map { place in
                (place.name, "_muster_words '\(place.options.flatMap(\.words).joined(separator: " "))'")
            }, indent: 12)
    }

    private var operands: String {
        lines(
            table.places.compactMap { place in
                let words = place.commands.map(\.word)
                guard words.isEmpty else {
                    return (place.name, "_muster_words '\(words.joined(separator: " "))'")
                }
                return act(place.operand).map { (place.name, $0) }
            }, indent: 12)
    }

    private func act(_ value: CompletionTable.Value) -> String? {
        switch value {
        case .choices(let words): "_muster_words '\(words.joined(separator: " "))'"
        case .file: "_muster_files"
        case .anything: nil
        }
    }

    private func lines(_ cases: [(String, String)], indent: Int) -> String {
        cases.map { line([$0], $1, indent: indent) }.joined(separator: "\n")
    }

    private func line(_ patterns: [String], _ action: String, indent: Int) -> String {
        String(repeating: " ", count: indent)
            + patterns.map(\.quotedForShell).joined(separator: "|") + ") \(action) ;;"
    }
}
