import MusterCore
import Testing

@Suite struct EventTypeNamesTests {
    @Test(
        "A word means a type, whole or short, or all that begin with a prefix",
        arguments: [
            ("dev.muster.worker.stopped", [EventType.workerStopped]), ("worker.stopped", [.workerStopped]),
            ("launch.", [.launchPlanned, .launchSettled, .launchFailed, .launchAbandoned]),
            ("dev.muster.launch.", [.launchPlanned, .launchSettled, .launchFailed, .launchAbandoned]),
            (
                "launch-config.",
                [
                    .launchConfigCreated, .launchConfigUpdated, .launchConfigArchived, .launchConfigPaused,
                    .launchConfigResumed, .launchConfigSuspended,
                ]
            ),
        ])
    func named(word: String, types: [EventType]) throws {
        #expect(try EventType.named(word) == Set(types))
    }

    @Test(
        "A word that means no type is refused, with the one that was meant",
        arguments: [
            ("worker.stoped", "worker.stopped"), ("wroker.", "worker."), ("nothing.at.all", nil), ("", nil),
            ("worker", nil), (".", nil), ("dev.muster.", nil),
        ] as [(String, String?)])
    func unknown(word: String, meant: String?) {
        let problem = #expect(throws: Problem.self) { try EventType.named(word, field: "type") }
        #expect(problem?.code == .inputInvalid && problem?.field == "type")
        if let meant { #expect(problem?.message.hasSuffix("did you mean \(meant)?") == true) }
    }

    @Test("Every type has a short name that means it alone", arguments: EventType.allCases)
    func short(type: EventType) throws {
        #expect("dev.muster." + type.shortName == type.rawValue)
        #expect(try EventType.named(type.shortName) == [type])
    }
}
