import Glibc
import MusterCore
import MusterRuntime

extension Command {
    /// `muster decide`: the decision alone.
    static let decide = Command(
        "decide", "read snapshots of a worker pool as JSON, and print the plans as JSON",
        discussion: """
            Reads one snapshot from the standard input, or many, one behind another, and prints a plan for each \
            on a line of its own: what the service would do in that moment, by the very same code. Nothing is \
            asked of a service or a database, and nothing is changed. What does not make sense ends it with the \
            field's name; the plans before it have been printed.

            A snapshot's fields are described in docs/reference/decide.md.
            """,
        examples: [
            Example("muster decide < snapshot.json", "one plan, with its reasons"),
            Example("muster decide < snapshots.jsonl | jq .toLaunch", "a plan for each line"),
        ]
    ) { arguments in
        let terminal = Setup.standardOutput
        try Decider(output: terminal.output, pretty: terminal.isTerminal).run(reading: 0)
        return .done
    }
}

/// Answers snapshots with plans, as they come.
struct Decider {
    let output: Output
    let pretty: Bool

    /// Reads until the end.
    ///
    /// - Throws: `Problems` with the fields of the first snapshot that makes no sense.
    func run(reading descriptor: Int32) throws {
        var stream = JSONStream()
        var chunk = [UInt8](repeating: 0, count: DecidePolicy.chunk)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError(errno, "read the standard input").problem
            }
            guard count > 0 else { break }
            for text in try stream.take(Array(chunk[..<count])) { try answer(text) }
        }
        for text in stream.finish() { try answer(text) }
    }

    private func answer(_ text: JSONStream.Text) throws {
        let question: DecisionQuestion
        do {
            question = try DecisionQuestion(try JSON.document(text.bytes))
        } catch let problems as Problems {
            throw Problems(problems.all.map { $0.moved(by: text.linesBefore) }) ?? problems
        } catch let problem as Problem {
            throw problem.moved(by: text.linesBefore)
        }
        let document = PlanDocument(question.plan, poolID: question.snapshot.poolID, at: question.now)
        try output.write(JSON.encode(document, pretty: pretty) + [UInt8(ascii: "\n")])
    }
}

extension Problem {
    /// The same problem, so many lines further down.
    fileprivate func moved(by lines: Int) -> Problem {
        var moved = self
        moved.line = line.map { $0 + lines }
        return moved.located(in: "-")
    }
}
