import Glibc
public import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

/// A folder of its own with local instances in it, which all end with the test.
final class LocalScene: Sendable {
    static let launch = LaunchID(rawValue: "l01jexample0000000000000000")

    let root: String
    let clock = ManualClock()
    let fleet: String

    var folder: String { root + "/instances" }

    private init() throws {
        var template = Array("/tmp/muster-local-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(errno, "make a folder") }
        root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        chmod(root, 0o755)
        fleet = "fleet-of-" + root
    }

    /// Runs `body` in a scene and ends whatever it has left running.
    static func run(_ body: (LocalScene) async throws -> Void) async throws {
        let scene = try LocalScene()
        defer { scene.end() }
        try await body(scene)
    }

    private func end() {
        for fleet in [fleet, fleet + "-other"] {
            for tag in (try? InstanceProcesses.tags(fleet: fleet)) ?? [] {
                _ = try? InstanceProcesses(fleet: fleet, name: tag.name).signal(SIGKILL)
            }
        }
        guard let parent = try? OwnedDescriptor.open("/tmp", O_RDONLY | O_DIRECTORY) else { return }
        try? FolderRemoval.remove(String(root.dropFirst("/tmp/".count)), from: parent)
    }

    /// A provider whose workers run a shell script.
    func provider(
        _ script: String = "exec sleep 600", fleet: String? = nil, folder: String? = nil,
        users: Set<String> = [], clock: (any WallClock)? = nil
    ) -> LocalProvider {
        provider(
            command: ["/bin/sh", "-c", script], fleet: fleet, folder: folder, users: users, clock: clock)
    }

    /// A provider with this worker command.
    func provider(
        command: [String], fleet: String? = nil, folder: String? = nil, users: Set<String> = [],
        clock: (any WallClock)? = nil
    ) -> LocalProvider {
        LocalProvider(
            configuration: LocalProviderConfiguration(
                id: ProviderID(rawValue: "here"), fleet: fleet ?? self.fleet, folder: folder ?? self.folder,
                workerCommand: command, allowedUsers: users, terminationGrace: .seconds(30),
                retention: .seconds(3_600)),
            clock: clock ?? self.clock, log: .silent)
    }

    /// The path of a file in the scene.
    func path(_ name: String) -> String { "\(root)/\(name)" }

    /// The text of a file in the scene; nil when there is none.
    func text(_ name: String) -> String? {
        guard let file = try? OwnedDescriptor.open(path(name), O_RDONLY) else { return nil }
        return (try? file.readAll(limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes a file in the scene.
    func write(_ text: String, to name: String, mode: UInt32 = 0o644) throws {
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        try OwnedDescriptor.open(path(name), flags, mode: mode).writeAll(text.utf8)
    }

    /// What an instance's worker has written to its output.
    func output(_ name: String) -> String { text("instances/\(name)/worker.log") ?? "" }

    /// The name of an instance of the usual launch.
    func name(_ index: Int) -> String { "\(Self.launch)-\(index)" }

    /// The record of an instance.
    func record(_ index: Int = 0) throws -> InstanceRecord {
        try #require(
            try InstanceFolder(base: folder, name: WorkerID(rawValue: name(index))).readRecord())
    }
}

extension LocalProvider {
    /// The instances of a launch.
    func found(_ id: LaunchID) async throws -> [Instance] {
        try await find(SentLaunch(id: id, body: "", plannedAt: Timestamp(milliseconds: 0))).instances
    }

    /// Launches instances as the engine does, and once more with the same call if asked again.
    func launch(
        _ count: Int = 1, content: Document = Document(.object([])), id: LaunchID = LocalScene.launch,
        token: @escaping @Sendable (WorkerID) -> Secret<String> = { Secret("token of \($0)") }
    ) async throws -> (instances: [Instance], refusals: [LaunchRefusal]) {
        let body = try render(order(count, content: content, id: id))
        switch await launch(LaunchCall(launchID: id, body: body, registrationToken: token)) {
        case .answered(let instances, let refusals): return (instances, refusals)
        case .accepted: throw CloudError(.unknown, cloudCode: "accepted", message: "nothing is done later")
        case .unclear(let error): throw error
        }
    }

    func order(_ count: Int, content: Document, id: LaunchID = LocalScene.launch) -> LaunchOrder {
        LaunchOrder(
            launchID: id, poolID: PoolID(rawValue: "proj/linux"),
            launchConfigID: LaunchConfigID(rawValue: "lc-1"), content: content, count: count,
            capacityPerInstance: 3, serviceURL: "http://127.0.0.1:8080")
    }

    /// Waits, from change to change, until a listing is as it should be.
    @discardableResult
    func until(_ condition: ([Instance]) throws -> Bool) async throws -> [Instance] {
        let changes = changes()
        var instances = try await list()
        if try condition(instances) { return instances }
        for await _ in changes {
            instances = try await list()
            if try condition(instances) { return instances }
        }
        Issue.record("the provider stopped telling of changes")
        return instances
    }

    /// Waits until an instance's end has been noted.
    @discardableResult
    func untilEnded(_ scene: LocalScene, _ index: Int = 0) async throws -> Instance {
        try await until { _ in try scene.record(index).end != nil }
        return try #require(try await list().first { $0.id == scene.name(index) })
    }
}

/// Looks until `condition` holds; for what no event tells of.
func eventually(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<2_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("did not come to be within 10 seconds")
}

/// Whether a process runs.
func isRunning(_ pid: Int32) throws -> Bool { try ProcessStatus.read(pid)?.hasEnded == false }

extension ProcessTable {
    /// The name of the program that a process runs.
    static func program(of pid: Int32) throws -> String {
        let bytes = try OwnedDescriptor.open("/proc/\(pid)/comm", O_RDONLY).readAll(limit: 100)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }
}

extension Document {
    /// Shorthand for lists of strings.
    static func list(_ texts: String...) -> Document { Document(.array(texts.map { Document(.string($0)) })) }
}

extension Document: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) { self.init(.string(value)) }
    public init(integerLiteral value: Int64) { self.init(.integer(value)) }
}
