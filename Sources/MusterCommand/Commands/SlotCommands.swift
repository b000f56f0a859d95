import MusterAPI
import MusterCore

extension Command {
    /// `muster limit acquire`: slots for work that is no task.
    static let acquireSlots = Command(
        "acquire", "take slots of concurrency limits for work that is no task",
        discussion: """
            All of them or none. Whoever asks again under the same name holds them longer. They come back with \
            muster limit release, or when their time has passed and nobody has asked again.
            """,
        operands: [Operand("LIMIT", "the limits' names", .oneOrMore)],
        options: [
            .value("holder", "NAME", "who holds them"),
            .value("slots", "N", "how many of each; 1 without it"),
            .value("lease", "SECONDS", "how long they are held unless asked for again; 60 without it"),
            .value("wait", "SECONDS", "wait for them, in the order of asking; exit code 1 if in vain"),
        ],
        examples: [
            Example("muster limit acquire gpu --holder ci/4711 --lease 600", "for ten minutes"),
            Example(
                "muster limit acquire gpu db --holder ci/4711 --wait 300", "both, as soon as both are free"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let wait = try arguments.integer("wait", 0...86_400) ?? 0
        let request = AcquireSlotsRequest(
            holder: try arguments.required("holder"), limits: try arguments.limitNames("LIMIT"),
            slots: try arguments.integer("slots", 1...LimitPolicy.slots),
            leaseSeconds: try arguments.integer("lease", 1...86_400).map(Double.init))
        let answer = try await ServiceClient.with(setup) { try await acquire(request, wait: wait, $0) }
        try setup.answer(answer) {
            if answer.acquired {
                let end = answer.expires.map { ", until \(HumaneTime.text($0, from: setup.now))" } ?? ""
                try setup.output.print(StyledText("acquired\(end)", .good))
            } else {
                try setup.output.print(
                    StyledText("nothing is free; \(answer.ahead ?? 0) wait before", .warning))
            }
        }
        return answer.acquired ? .done : .failed
    }

    /// `muster limit release`: gives slots back.
    static let releaseSlots = Command(
        "release", "give back what a holder holds; a repeat changes nothing",
        operands: [Operand("HOLDER", "who holds them")],
        examples: [Example("muster limit release ci/4711", "all that it holds, of whatever limits")]
    ) { arguments in
        let setup = try Setup(arguments)
        let request = ReleaseSlotsRequest(holder: try arguments.required("HOLDER"))
        let answer = try await ServiceClient.with(setup) {
            try await $0.post(APIPath.releaseSlots, request, ReleaseSlotsAnswer.self)
        }
        try setup.answer(answer) {
            try setup.output.print(answer.released ? "released" : "it held nothing")
        }
        return .done
    }

    /// Asks again and again, each time for as long as the service lets it wait.
    private static func acquire(
        _ request: AcquireSlotsRequest, wait: Int, _ client: ServiceClient
    ) async throws -> AcquireSlotsAnswer {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(wait)
        while true {
            let left = max(.zero, deadline - clock.now)
            var asked = request
            asked.waitSeconds = min(left, .seconds(ClientPolicy.followWait)).inSeconds
            let answer = try await client.post(APIPath.acquireSlots, asked, AcquireSlotsAnswer.self)
            if answer.acquired || clock.now >= deadline { return answer }
        }
    }
}

extension ParsedArguments {
    /// Names of limits.
    func limitNames(_ name: String) throws(Problem) -> [LimitName] {
        var names: [LimitName] = []
        for text in list(name) {
            do {
                names.append(try LimitName(validating: text))
            } catch {
                throw Problem(.usage, error.message)
            }
        }
        return names
    }
}
