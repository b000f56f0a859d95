import FoundationEssentials
import Glibc
import MusterClouds
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

extension Command {
    /// `muster demo`: the main job, done for real and checked.
    static let demo = Command(
        "demo", "show the main job: sixty real tasks, workers launched for them, and nothing left",
        discussion: """
            Runs a whole Muster in a temporary folder: two pools, one of which has a broken launch config, and \
            three tenants who submit sixty tasks in two bursts. Workers are processes of this machine. Ends \
            when every task is done and every worker has gone, and checks that.
            """,
        options: [.flag("keep", "keep the folder with the database, the logs and the outputs")],
        examples: [
            Example("muster demo", "a live view, and a summary at the end"),
            Example("muster demo | cat", "plain lines"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let signals = ProcessSignals.stream(of: [SIGTERM, SIGINT])
        let demo = try Demo(setup, keep: arguments.flag("keep"))
        let work = Task { try await demo.run() }
        let watch = Task {
            for await _ in signals { work.cancel() }
        }
        defer { watch.cancel() }
        return try await work.value
    }
}

/// One run of the demo, in a folder of its own.
private struct Demo {
    private let setup: Setup
    private let keep: Bool
    private let folder: String
    private let configuration: Configuration
    private let scenario: DemoScenario

    init(_ setup: Setup, keep: Bool) throws {
        self.setup = setup
        self.keep = keep
        var template = Array("\(FileManager.default.temporaryDirectory.path)/muster-demo.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Problem(.fileFailed, "no temporary folder can be made: \(String(cString: strerror(errno)))")
        }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        var configuration = setup.configuration
        configuration.state = folder + "/state"
        configuration.database = .file
        configuration.listen.port = 0
        configuration.providers = [
            ProviderSettings(id: ProviderID(rawValue: "local"), kind: .local(LocalSettings()))
        ]
        configuration.eventsFile = folder + "/events.jsonl"
        self.configuration = configuration
        scenario = DemoScenario(
            ledger: folder + "/ledger",
            files: try DemoFiles.find(limit: 60, path: setup.environment["PATH"] ?? ""))
    }

    func run() async throws -> ExitCode {
        let logFile = open(folder + "/service.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        let log = Log(to: DescriptorLogSink(descriptor: logFile), level: .info)
        let service = try await Service.start(
            configuration, program: try .own(), environment: setup.environment, log: log)
        let result: Result<DemoFacts, any Error>
        do {
            result = .success(try await carryOut(service.parts))
        } catch {
            result = .failure(error)
        }
        // In a task of its own: what cleans up after an interruption must not be interrupted itself.
        await Task {
            await endInstances(service.parts)
            await service.stop()
        }.value
        close(logFile)
        let facts = try? result.get()
        if keep || facts?.faults.isEmpty != true {
            try setup.errors.print("kept: \(folder)")
        } else {
            try? FileManager.default.removeItem(atPath: folder)
        }
        let counted = try result.get()
        return counted.faults.isEmpty ? .done : .failed
    }

    private func carryOut(_ parts: ServiceParts) async throws -> DemoFacts {
        let started = parts.engine.now
        var view = DemoView(setup.output, started: started)
        _ = try await parts.engine.control.apply(
            try scenario.pools(), prune: false, dryRun: false, by: "demo")
        var submitted = scenario.burst(0)
        _ = try await parts.engine.tasks.submit(submitted)
        try view.say("\(submitted.count) tasks submitted by three tenants", at: started)
        var isSecondOut = false
        while true {
            try Task.checkCancellation()
            let done = try await resolved(parts)
            if !isSecondOut, done >= 8 {
                let burst = scenario.burst(1)
                submitted += burst
                _ = try await parts.engine.tasks.submit(burst)
                try view.say("\(burst.count) more while the first ones run", at: parts.engine.now)
                isSecondOut = true
            }
            try await view.update(parts, done: done, of: submitted.count)
            if isSecondOut, done == submitted.count, try await isEmpty(parts) { break }
            if parts.engine.now - started > DemoPolicy.patience { break }
            try await Task.sleep(for: DemoPolicy.frame)
        }
        try view.finish()
        try await untilPublished(parts)
        let facts = try await DemoFacts.count(
            parts, submitted: submitted, ledger: scenario.ledger, eventsFile: folder + "/events.jsonl")
        try setup.output.print(facts.summary())
        return facts
    }

    private func resolved(_ parts: ServiceParts) async throws -> Int {
        var count = 0
        for pool in [DemoScenario.checksums, DemoScenario.compression] {
            count += try await parts.store.read { transaction in
                try await transaction.tasks(of: pool, state: nil, tenant: nil, after: 0, limit: 1_000).tasks
                    .filter { $0.resolvedAt != nil }.count
            }
        }
        return count
    }

    private func isEmpty(_ parts: ServiceParts) async throws -> Bool {
        try await parts.engine.views().allSatisfy { $0.total.living == 0 }
    }

    /// The last events are on their way to the file when the last worker is gone.
    private func untilPublished(_ parts: ServiceParts) async throws {
        let deadline = parts.engine.now + .seconds(5)
        while parts.engine.now < deadline {
            let isPublished = try await parts.store.readOutbox { transaction in
                let cursor = try await transaction.cursor(of: "json-lines:\(self.folder)/events.jsonl")
                return try await transaction.events(after: cursor, limit: 1).isEmpty
            }
            if isPublished { return }
            try await Task.sleep(for: DemoPolicy.frame)
        }
    }

    /// Whatever is still there after an interruption is ended, so that the demo leaves nothing behind.
    ///
    /// Frozen first, or else the tasks that are left would have others launched; from then on the launches
    /// that were planned before are the last ones.
    private func endInstances(_ parts: ServiceParts) async {
        let deadline = parts.engine.now + DemoPolicy.cleanUp
        do {
            try await parts.engine.control.freeze(reason: "the demo ends", by: "demo")
            while parts.engine.now < deadline {
                let isPlanned = try await !parts.store.read {
                    try await $0.plannedLaunches(limit: 1).isEmpty
                }
                var living = 0
                for provider in parts.providers {
                    let instances = try await provider.list().filter { $0.state != .gone }.map(\.id)
                    living += instances.count
                    _ = await provider.terminate(instances)
                }
                if !isPlanned, living == 0 { return }
                try await Task.sleep(for: DemoPolicy.frame)
            }
            try setup.errors.print("some instances have not ended yet")
        } catch {
            try? setup.errors.print("the instances could not be ended: \(error)")
        }
    }
}

/// The demo's constants, each with its reason.
private enum DemoPolicy {
    /// Four pictures a second look alive and cost nothing.
    static let frame = Duration.milliseconds(250)
    /// Longer than a worker takes to give back what it runs, and than a local instance has before it is killed.
    static let cleanUp = Duration.seconds(75)
    /// It takes well under a minute; a machine on which it takes longer than this shows what is wrong.
    static let patience = Duration.seconds(180)
}
