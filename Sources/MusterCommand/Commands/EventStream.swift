import MusterAPI
import MusterCore
import MusterRuntime

/// Reads events and writes them.
struct EventStream {
    /// Which events are wanted.
    struct Question {
        let filter: [(name: String, value: String?)]
        let limit: Int

        init(_ arguments: ParsedArguments, _ setup: Setup) throws(Problem) {
            var filter: [(name: String, value: String?)] = []
            for word in arguments.list("type") {
                do { _ = try EventType.named(word) } catch {
                    throw Problem(.usage, "--type: \(error.message)")
                }
                filter.append(("type", word))
            }
            filter.append(("workerPoolId", try arguments.poolOption()?.rawValue))
            filter.append(("subject", arguments.string("subject")))
            if let since = arguments.string("since") {
                filter.append(("since", try setup.past(since, option: "since").description))
            }
            self.filter = filter
            limit = try arguments.limit()
        }
    }

    private let client: ServiceClient
    private let question: Question
    private let setup: Setup

    init(_ client: ServiceClient, _ question: Question, _ setup: Setup) {
        self.client = client
        self.question = question
        self.setup = setup
    }

    /// Writes the latest events, in the order in which they happened.
    func showLatest() async throws {
        let (events, _, hasMore) = try await latest()
        guard !setup.isJSON else { return try write(events) }
        try setup.output.print(EventText.table(of: events, at: setup.now))
        if hasMore {
            try setup.say(
                StyledText("there are earlier ones than these \(events.count): --limit shows them", .faint))
        }
    }

    /// Writes the latest events and then those that happen, until it is interrupted.
    func follow() async throws {
        var (events, position, _) = try await latest()
        try write(events)
        var isAway = false
        while true {
            do {
                let answer = try await next(after: position)
                if isAway { try setup.say(StyledText("the service is back", .faint)) }
                isAway = false
                if let deleted = answer.deleted { try tell(deleted, after: position) }
                try write(answer.events)
                position = answer.position
            } catch let problem as Problem where problem.code.isAbsence {
                if !isAway { try setup.say(StyledText("the service has gone: waiting for it", .warning)) }
                isAway = true
                try await SystemClock().sleep(for: ClientPolicy.followRetry)
            }
        }
    }

    private func next(after position: Int64) async throws -> EventsAnswer {
        let parameters =
            question.filter + [("after", "\(position)"), ("wait", "\(ClientPolicy.followWait)")]
        do {
            return try await client.get(APIPath.query(APIPath.events, parameters), EventsAnswer.self)
        } catch let problems as Problems {
            // One that is going away still answers, and says so.
            throw problems.all.first { $0.code.isAbsence } ?? problems
        }
    }

    /// The latest events that fit, read back page by page.
    private func latest() async throws -> (events: [EventDocument], position: Int64, hasMore: Bool) {
        var events: [EventDocument] = []
        var position: Int64?
        var token: String?
        repeat {
            let size = min(question.limit - events.count, ClientPolicy.pageSize)
            let parameters =
                question.filter + [("limit", "\(size)"), ("continuationToken", token)]
            let page = try await client.get(APIPath.query(APIPath.events, parameters), EventsAnswer.self)
            events = page.events + events
            // What happens while the pages are read comes after the first of them.
            position = position ?? page.position
            token = page.continuationToken
        } while token != nil && events.count < question.limit
        return (events, position ?? 0, token != nil)
    }

    private func write(_ events: [EventDocument]) throws {
        guard !events.isEmpty else { return }
        if setup.isJSON {
            try setup.output.output.write(events.flatMap { JSON.encode($0) + [UInt8(ascii: "\n")] })
        } else {
            try setup.output.print(events.map { EventText.line(of: $0) })
        }
    }

    /// A gap is told of whatever was asked for: whoever counts events must not believe to have all.
    private func tell(_ deleted: Int64, after position: Int64) throws {
        try setup.errors.print(
            StyledText(
                "\(deleted) event\(deleted == 1 ? "" : "s") after \(position) had been deleted by retention",
                .warning))
    }
}

extension ProblemCode {
    /// Whether it says that there is no service, now or any more.
    fileprivate var isAbsence: Bool {
        switch self {
        case .networkRefused, .networkFailed, .networkTimeout, .shuttingDown: true
        default: false
        }
    }
}
