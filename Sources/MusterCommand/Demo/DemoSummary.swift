import MusterCore

extension DemoFacts {
    /// What happened, for a person to read.
    func summary() -> [StyledText] {
        var lines: [StyledText] = [""]
        func add(_ title: String, _ text: String) {
            lines.append(StyledText(title.padded(to: 20), .strong) + StyledText(text))
        }
        add("tasks", "\(completed) completed of \(submitted) submitted, each output checked against its file")
        let waits = waits.sorted()
        if let worst = waits.last {
            add("wait", "median \(seconds(waits[waits.count / 2])), worst \(seconds(worst))")
        }
        for (pool, turns) in turns.sorted(by: { $0.key < $1.key }) {
            add("turns \(pool.name)", turns.map { String($0.rawValue.prefix(1)) }.joined())
        }
        add("", "a alice, b bob, c carol, in the order served")
        for line in launches {
            add(
                line.poolID.name,
                "\(line.config): \(line.launches) launches, \(line.instances) instances, "
                    + "\(line.failures) never registered, weight \(fraction(line.weight))")
        }
        add("instances", "\(instancesStarted) started, \(instancesEnded) ended, \(instancesLeft) left")
        add("events", "\(eventsInFile) published of \(eventsInStore)")
        lines.append("")
        return lines + [verdict]
    }

    /// The last line.
    var verdict: StyledText {
        guard faults.isEmpty else { return StyledText("failed: \(faults.joined(separator: "; "))", .bad) }
        return StyledText(
            "ok: \(completed) of \(submitted) tasks, \(lost) lost, \(ranTwice) run twice, "
                + "\(instancesLeft) instances left", .good)
    }

    private func seconds(_ duration: Duration) -> String {
        let tenths = duration.milliseconds / 100
        return "\(tenths / 10).\(tenths % 10) s"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
