import MusterCore
public import MusterRuntime

/// A Docker Engine as far as its wire format goes: it keeps state, and fails as a test tells it.
///
/// It refuses what Docker refuses: versions that it does not speak, names that are taken, images that it does not
/// have, files into containers that are not there.
public final class FakeDocker: Sendable {
    /// What goes wrong with a call.
    public enum Fault: Hashable, Sendable {
        /// Nothing is done, and the connection ends.
        case losesCall
        /// The work is done, and the connection ends without an answer.
        case losesAnswer
        /// The work is done, and half of the answer comes.
        case halvesAnswer
        /// The work is done, and these bytes are all that comes, as a body with status 200.
        case answers(String)
        /// Nothing is done, and the call is refused.
        case refuses(Int, String)
        /// Nothing is said until the caller hangs up.
        case hangs
    }

    struct State {
        /// Nil for one that makes up another with each answer.
        var id: String? = "7TRN:IPZB:QYBB:VPBQ:UMPP:KARE:6ZNR:XE6T"
        var infos = 0
        var newest = "1.47"
        var oldest = "1.24"
        var images: Set<String> = []
        var registry: Set<String> = []
        var networks: Set<String> = ["bridge", "host", "none"]
        var volumes: Set<String> = []
        var containers: [String: FakeContainer] = [:]
        var pulls: [String] = []
        var calls: [String] = []
        var versions: Set<String> = []
        var faults: [(part: String, left: Int, fault: Fault)] = []
        var clockOffset: Duration = .zero
        var made = 0
    }

    let state = Locked(State())
    let clock: any WallClock
    private let server: Locked<LoopbackServer?>

    /// The socket that it listens on.
    public let socket: String

    /// Listens in a folder.
    public init(in folder: String, clock: any WallClock) throws {
        socket = folder + "/docker.sock"
        self.clock = clock
        server = Locked(nil)
        let served = try LoopbackServer(path: socket) { [weak self] request in
            self?.answer(request) ?? .hangUp
        }
        server.withLock { $0 = served }
    }

    /// Says what it has in store, and which of it only registries have.
    public func has(
        images: Set<String> = [], inRegistries registry: Set<String> = [], volumes: Set<String> = []
    ) {
        state.withLock { state in
            state.images.formUnion(images)
            state.registry.formUnion(registry)
            state.volumes.formUnion(volumes)
        }
    }

    /// Says which versions of the API it speaks.
    public func speaks(_ oldest: String, to newest: String) {
        state.withLock { state in
            state.oldest = oldest
            state.newest = newest
        }
    }

    /// Says which engine it is; nil makes up another id with each answer, as Podman does.
    public func isCalled(_ id: String?) { state.withLock { $0.id = id } }

    /// Sets its clock apart from the test's.
    public func setClock(off offset: Duration) { state.withLock { $0.clockOffset = offset } }

    /// Fails the next calls whose method and path have a part in them, such as `POST /containers/create`.
    public func fail(_ part: String, times: Int = 1, _ fault: Fault) {
        state.withLock { $0.faults.append((part, times, fault)) }
    }

    /// Lets every call go its way again.
    public func heal() { state.withLock { $0.faults = [] } }

    /// Its containers by name.
    public var containers: [String: FakeContainer] { state.withLock { $0.containers } }
    /// The images that were fetched, in order.
    public var pulls: [String] { state.withLock { $0.pulls } }
    /// The calls so far, each as `METHOD /path?query` without the version.
    public var calls: [String] { state.withLock { $0.calls } }

    /// The versions of the API in which it was called.
    public var versions: Set<String> { state.withLock { $0.versions } }

    /// Changes a container as if by itself.
    public func change(_ name: String, _ change: @Sendable (inout FakeContainer) -> Void) {
        state.withLock { state in
            guard var container = state.containers[name] else { return }
            change(&container)
            state.containers[name] = container
        }
    }

    /// Ends a container as if by itself.
    public func end(_ name: String, exitCode: Int = 0) {
        let now = clock.now()
        change(name) { container in
            container.state = "exited"
            container.exitCode = exitCode
            container.finishedAt = now
        }
    }

    /// Makes a container that nobody asked for.
    public func plant(_ name: String, labels: [String: String], state word: String = "running") {
        let now = clock.now()
        let members = labels.sorted { $0.key < $1.key }.map { Document.Member($0.key, .string($0.value)) }
        state.withLock { state in
            state.made += 1
            state.containers[name] = FakeContainer(
                id: "planted\(state.made)", name: name,
                specification: .object([
                    "Image": .string("other"), "Labels": Document(.object(members)),
                ]), state: word, created: now.milliseconds / 1_000)
        }
    }
}
