import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime

extension Command {
    /// `muster worker create`.
    static let createWorker = Command(
        "create", "make a worker of a pool whose machines people start themselves",
        discussion: """
            The pool's provider must be of the kind static. The machine runs muster worker with the same secret in \
            MUSTER_WORKER_SECRET_FILE and may register as often as it likes; Muster keeps nothing of the secret but a \
            hash. Made again with the same settings it is the same worker.
            """,
        operands: staticWorkerOperands,
        options: [
            secretFile, capacity,
            .value(
                "expires", "TIME", "when it ends by itself: a time, or 90s, 10m, 2h, 1d; never without it"),
        ],
        examples: [
            Example(
                "muster worker create lab/macs rack-1 mac-07 --secret-file mac-07.secret --capacity 2",
                "a machine that runs two tasks at once")
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let path = APIPath.worker(try arguments.staticWorker())
        guard let secret = try arguments.secret() else { throw Problem(.usage, "--secret-file is missing") }
        let request = StaticWorkerRequest(
            secret: secret.reveal(), capacity: try arguments.integer("capacity", 1...1_000_000),
            expires: try arguments.expiry())
        try setup.tell(
            try await ServiceClient.with(setup) { try await $0.put(path, request, WorkerDocument.self) },
            "is made")
        return .done
    }

    /// `muster worker update`.
    static let updateWorker = Command(
        "update", "change the secret, capacity or end of a worker that was made by hand",
        discussion: """
            With a new secret the worker's credentials are worthless at once: put the secret on its machine and start \
            its program again. An end that has come lets it finish what it has.
            """,
        operands: staticWorkerOperands,
        options: [
            secretFile, capacity,
            .value("expires", "TIME", "when it ends by itself: a time, or 90s, 10m, 2h, 1d, or never"),
        ],
        examples: [
            Example(
                "muster worker update lab/macs rack-1 mac-07 --expires 2h", "it is given back in two hours"),
            Example(
                "muster worker update lab/macs rack-1 mac-07 --secret-file new.secret", "its secret was seen"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let path = APIPath.worker(try arguments.staticWorker())
        var request = StaticWorkerRequest(
            secret: try arguments.secret()?.reveal(),
            capacity: try arguments.integer("capacity", 1...1_000_000))
        request.expires = arguments.string("expires") == "never" ? .never : try arguments.expiry()
        guard request.secret != nil || request.capacity != nil || request.expires != nil else {
            throw Problem(.usage, "there is nothing to change: give --secret-file, --capacity or --expires")
        }
        let change = request
        try setup.tell(
            try await ServiceClient.with(setup) { try await $0.patch(path, change, WorkerDocument.self) },
            "is changed")
        return .done
    }

    /// `muster worker remove`.
    static let removeWorker = Command(
        "remove", "take a worker away at once that was made by hand",
        discussion: """
            Its credentials are worthless, and what it holds runs again elsewhere, also while its machine goes on with \
            it: muster worker retire lets it finish first.
            """,
        operands: staticWorkerOperands,
        examples: [Example("muster worker remove lab/macs rack-1 mac-07", "the machine was stolen")]
    ) { arguments in
        let setup = try Setup(arguments)
        let path = APIPath.worker(try arguments.staticWorker())
        try setup.tell(
            try await ServiceClient.with(setup) { try await $0.delete(path, WorkerDocument.self) }, "is gone")
        return .done
    }

    private static let staticWorkerOperands = [
        Operand("POOL", "the worker pool, owner/name"),
        Operand("GROUP", "where the machine is: a word of your own"),
        Operand("ID", "the worker's name in that group"),
    ]

    private static let secretFile = Option.value(
        "secret-file", "FILE", "the file with its secret: 22 to 1024 visible ASCII characters")

    private static let capacity = Option.value(
        "capacity", "N", "how many tasks it runs at once; 1 for a new one without it")
}

extension ParsedArguments {
    /// The worker that the operands name.
    fileprivate func staticWorker() throws(Problem) -> WorkerKey {
        WorkerKey(
            poolID: try pool(), group: try operand("GROUP", WorkerGroup.self),
            id: try operand("ID", WorkerID.self))
    }

    /// When the worker is to end. A length of time is sent as one: the service counts it from when it first hears of
    /// it, so that a command that is given again means the same.
    fileprivate func expiry() throws(Problem) -> WorkerExpiry? {
        guard let text = string("expires") else { return nil }
        if let moment = Timestamp(text) { return .at(moment) }
        return .after(try Setup.time(text, option: "expires"))
    }

    /// The secret in the file that the option names. It comes from a file, since everybody can see what a process
    /// was called with.
    fileprivate func secret() throws(Problem) -> Secret<String>? {
        guard let path = string("secret-file") else { return nil }
        let text = String(decoding: try TextFile.read(path, limit: 4_096), as: UTF8.self)
        let secret = String(text.reversed().drop { $0.isNewline }.reversed())
        if let problem = StaticSecretRule.problem(with: secret) {
            throw Problem(.inputInvalid, "the secret in \(path) \(problem)")
        }
        return Secret(secret)
    }
}

extension Setup {
    /// Says what became of a worker.
    fileprivate func tell(_ worker: WorkerDocument, _ verb: String) throws {
        try answer(worker) {
            let end = worker.ends.map { ", ends \(HumaneTime.text($0, from: now))" } ?? ""
            try output.print("\(worker.key) \(verb)\(worker.stopped == nil ? end : "")")
        }
    }
}
