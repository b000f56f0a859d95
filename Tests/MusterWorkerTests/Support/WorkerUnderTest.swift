import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

/// A worker with a folder of its own, a fake service and signals from the test.
final class WorkerUnderTest: Sendable {
    let folder: TemporaryFolder
    let service: FakeService
    let worker: WorkerProgram
    let signals: AsyncStream<WorkerSignal>.Continuation

    init(
        limit: WorkLimit = .tasks(1), clock: any WallClock = SystemClock(), lease: Duration = .seconds(600),
        environment: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) throws {
        let folder = try TemporaryFolder()
        try folder.write("the-token\n", to: "token")
        let configuration = WorkerConfiguration(
            serviceURL: "http://localhost", worker: Self.key, providerID: ProviderID(rawValue: "local"),
            workLimit: limit, folder: folder.path + "/worker", proof: .token(folder.path + "/token"),
            taskEnvironment: environment)
        let (stream, continuation) = AsyncStream<WorkerSignal>.makeStream()
        self.folder = folder
        signals = continuation
        service = FakeService(clock: clock, lease: lease)
        worker = WorkerProgram(
            configuration: configuration, connection: service, signals: stream, clock: clock,
            generator: SeededGenerator(seed: 7), log: .silent)
    }

    static let key = WorkerKey(
        poolID: PoolID(rawValue: "owner/pool"), group: WorkerGroup(rawValue: "here"),
        id: WorkerID(rawValue: "worker-1"))

    /// Runs the worker while `body` runs, and ends it by a signal afterwards unless it has ended.
    @discardableResult
    func run(_ body: (FakeService) async throws -> Void) async throws -> WorkerExit {
        async let exit = worker.run()
        do {
            try await body(service)
        } catch {
            signals.yield(.terminate)
            signals.yield(.terminate)
            _ = await exit
            throw error
        }
        signals.yield(.terminate)
        return await exit
    }

    /// Runs the worker until it has run `scripts` one after the other; gives their reports.
    func reports(of scripts: String...) async throws -> [FakeService.Report] {
        try await run { service in
            for (index, script) in scripts.enumerated() {
                await service.submit(script, name: "task-\(index + 1)")
            }
            await service.until { $0.reports.count == scripts.count }
        }
        return await service.reports
    }
}
