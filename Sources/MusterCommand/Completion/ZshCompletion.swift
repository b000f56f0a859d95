/// The script for zsh, to be put into a folder of `fpath` or to be sourced after `compinit`.
struct ZshCompletion {
    private let table: CompletionTable

    init(_ table: CompletionTable) { self.table = table }

    var script: String {
        """
        #compdef muster
        # zsh completion for muster; made by: muster completion zsh
        _muster() {
            local current=${words[CURRENT]} place=muster option= word
            local -i index
            local -a found
            for ((index = 2; index < CURRENT; index++)); do
                word=${words[index]}
                if [[ -n $option ]]; then
                    option=
                    continue
                fi
                case $word in
                    (--) place=--; break ;;
                    (-*) case "$place $word" in
        \(line(table.valued.map(\.pattern), "option=$word", indent: 20))
                        esac ;;
                    (*) case "$place $word" in
        \(line(table.places.dropFirst().map(\.name), "place=\"$place $word\"", indent: 20))
                        esac ;;
                esac
            done
            if [[ -n $option ]]; then
                case "$place $option" in
        \(lines(table.valued.map { ($0.pattern, act($0.value)) }))
                esac
            elif [[ $place == -- ]]; then
                _files
            elif [[ $current == -* ]]; then
                case $place in
        \(lines(table.places.map { ($0.name, describe($0.options.flatMap { option in option.words.map { ($0, option.summary) } })) }))
                esac
                _describe -o option found
            else
                case $place in
        \(lines(table.places.map { ($0.name, operand($0)) }))
                esac
            fi
        }

        # Loaded by name from fpath, the file is the function itself; sourced, it defines it.
        if [[ ${funcstack[1]} == _muster ]]; then
            _muster "$@"
        else
            compdef _muster muster
        fi

        """
    }

    private func operand(_ place: CompletionTable.Place) -> String {
        guard place.commands.isEmpty else {
            return describe(place.commands.map { ($0.word, $0.summary) }) + "; _describe command found"
        }
        return act(place.operand)
    }

    private func describe(_ entries: [(String, String)]) -> String {
        "found=(" + entries.map { "\($0):\($1)".quotedForShell }.joined(separator: " ") + ")"
    }

    private func act(_ value: CompletionTable.Value) -> String {
        switch value {
        case .choices(let words): "compadd -- " + words.joined(separator: " ")
        case .file: "_files"
        case .anything: ":"
        }
    }

    private func lines(_ cases: [(String, String)]) -> String {
        cases.map { line([$0], $1, indent: 12) }.joined(separator: "\n")
    }

    private func line(_ patterns: [String], _ action: String, indent: Int) -> String {
        String(repeating: " ", count: indent) + "("
            + patterns.map(\.quotedForShell).joined(separator: "|") + ") \(action) ;;"
    }
}
