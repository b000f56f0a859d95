import MusterCore
import MusterRuntime

extension FakeDocker {
    /// Answers a request, or does what a test wants instead.
    func answer(_ request: ReceivedRequest) -> Reply {
        let target = Target(request)
        let line = "\(request.method) \(target.path)\(target.query.isEmpty ? "" : "?" + target.rawQuery)"
        let fault = state.withLock { state -> Fault? in
            state.calls.append(line)
            if let version = target.version { state.versions.insert(version) }
            guard let index = state.faults.firstIndex(where: { line.contains($0.part) && $0.left > 0 }) else {
                return nil
            }
            state.faults[index].left -= 1
            return state.faults[index].fault
        }
        switch fault {
        case nil: return perform(request, target)
        case .losesCall: return .hangUp
        case .hangs: return .silence
        case .refuses(let status, let message): return refusal(status, message)
        case .losesAnswer:
            _ = perform(request, target)
            return .hangUp
        case .answers(let text):
            _ = perform(request, target)
            return .answer(body: Array(text.utf8))
        case .halvesAnswer:
            guard case .answer(let status, _, let body) = perform(request, target) else { return .hangUp }
            let head = "HTTP/1.1 \(status) Said\r\nContent-Length: \(body.count + 2)\r\n\r\n"
            return .raw(Array(head.utf8) + body.prefix(body.count / 2))
        }
    }

    private func perform(_ request: ReceivedRequest, _ target: Target) -> Reply {
        if let refusal = refusal(ofVersion: target) { return refusal }
        let path = target.segments
        return switch (request.method, path.first, path.count) {
        case ("GET", "version", 1): version()
        case ("GET", "info", 1): info()
        case ("GET", "containers", 2) where path[1] == "json": list(target)
        case ("POST", "containers", 2) where path[1] == "create": create(request, target)
        case ("GET", "containers", 3) where path[2] == "json": inspect(path[1])
        case ("PUT", "containers", 3) where path[2] == "archive": unpack(path[1], request)
        case ("POST", "containers", 3) where path[2] == "start": start(path[1])
        case ("POST", "containers", 3) where path[2] == "stop": stop(path[1], target)
        case ("DELETE", "containers", 2): remove(path[1], target)
        case ("POST", "images", 2) where path[1] == "create": pull(target)
        case ("GET", "images", 3) where path[2] == "json":
            there(state.withLock { $0.images.contains(path[1]) }, "No such image: \(path[1])")
        case ("GET", "distribution", 3):
            there(state.withLock { $0.registry.contains(path[1]) }, "manifest unknown")
        case ("GET", "networks", 2):
            there(state.withLock { $0.networks.contains(path[1]) }, "network \(path[1]) not found")
        case ("GET", "volumes", 2):
            there(state.withLock { $0.volumes.contains(path[1]) }, "get \(path[1]): no such volume")
        default: refusal(404, "page not found")
        }
    }

    private func refusal(ofVersion target: Target) -> Reply? {
        guard let asked = target.version else {
            return target.path == "/version" ? nil : refusal(404, "this fake wants a version")
        }
        let (oldest, newest) = state.withLock { ($0.oldest, $0.newest) }
        let number = Self.number(of: asked)
        if number > Self.number(of: newest) {
            return refusal(
                400, "client version \(asked) is too new. Maximum supported API version is \(newest)")
        }
        if number < Self.number(of: oldest) {
            return refusal(
                400, "client version \(asked) is too old. Minimum supported API version is \(oldest)")
        }
        return nil
    }

    private static func number(of version: String) -> Int {
        version.split(separator: ".").reduce(0) { $0 * 1_000 + (Int($1) ?? 0) }
    }

    // MARK: The engine

    private func version() -> Reply {
        let (oldest, newest) = state.withLock { ($0.oldest, $0.newest) }
        return document([
            "Version": .string("27.3.1"), "ApiVersion": .string(newest), "MinAPIVersion": .string(oldest),
            "Os": .string("linux"), "Arch": .string("amd64"),
        ])
    }

    private func info() -> Reply {
        let (time, id) = state.withLock { state in
            state.infos += 1
            return (clock.now() + state.clockOffset, state.id ?? "made-up-\(state.infos)")
        }
        return document([
            "ID": .string(id), "NCPU": .integer(4), "MemTotal": .integer(8 << 30),
            "SystemTime": .string(time.description),
        ])
    }

    private func pull(_ target: Target) -> Reply {
        let image = "\(target.query["fromImage"] ?? ""):\(target.query["tag"] ?? "")"
        let isThere = state.withLock { state in
            state.pulls.append(image)
            // The name as it was given, with the tag that is meant when none is.
            let names = state.registry.filter { $0 == image || "\($0):latest" == image }
            state.images.formUnion(names)
            return !names.isEmpty
        }
        let words =
            isThere
            ? #"{"status":"Pull complete","progressDetail":{},"id":"c2adabaecedb"}"#
            : #"{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}"#
        return .answer(body: Array("{\"status\":\"Pulling from \(image)\"}\r\n\(words)\r\n".utf8))
    }

    // MARK: Containers

    private func list(_ target: Target) -> Reply {
        var wanted: [String] = []
        if let filters = target.query["filters"], let document = try? JSON.document(Array(filters.utf8)),
            case .array(let labels)? = document["label"]?.value
        {
            wanted = labels.compactMap { if case .string(let text) = $0.value { text } else { nil } }
        }
        let containers = state.withLock { $0.containers.values.sorted { $0.name < $1.name } }
        let found = containers.filter { container in
            (target.query["all"] == "1" || container.state == "running")
                && wanted.allSatisfy { label in
                    let parts = label.split(separator: "=", maxSplits: 1).map(String.init)
                    return container.labels[parts[0]] == parts.last
                }
        }
        let body = Document(.array(found.map(\.listed)))
        return .answer(headers: [("Content-Type", "application/json")], body: Array(body.canonicalJSON.utf8))
    }

    private func create(_ request: ReceivedRequest, _ target: Target) -> Reply {
        guard let name = target.query["name"], let body = try? JSON.document(request.body),
            case .string(let image)? = body["Image"]?.value,
            request.values("Content-Type") == ["application/json"]
        else { return refusal(400, "invalid JSON: the body must be a container's configuration") }
        let now = clock.now()
        return state.withLock { state -> Reply in
            if let other = state.containers[name] {
                return refusal(
                    409,
                    "Conflict. The container name \"/\(name)\" is already in use by container \"\(other.id)\". "
                        + "You have to remove (or rename) that container to be able to reuse that name.")
            }
            guard state.images.contains(image) else { return refusal(404, "No such image: \(image)") }
            state.made += 1
            let id = "c0ffee\(state.made)"
            state.containers[name] = FakeContainer(
                id: id, name: name, specification: body, created: now.milliseconds / 1_000)
            return document(["Id": .string(id), "Warnings": Document(.array([]))], status: 201)
        }
    }

    private func inspect(_ name: String) -> Reply {
        guard let container = find(name) else { return missing(name) }
        return .answer(body: Array(container.inspected.canonicalJSON.utf8))
    }

    private func unpack(_ name: String, _ request: ReceivedRequest) -> Reply {
        guard let container = find(name) else { return missing(name) }
        guard request.body.count % 512 == 0, request.values("Content-Type") == ["application/x-tar"] else {
            return refusal(400, "archive/tar: invalid tar header")
        }
        change(container.name) { $0.archives.append(request.body) }
        return .answer()
    }

    private func start(_ name: String) -> Reply {
        guard let container = find(name) else { return missing(name) }
        guard container.state != "running" else { return .answer(status: 304) }
        change(container.name) { container in
            container.state = "running"
            container.starts += 1
        }
        return .answer(status: 204)
    }

    private func stop(_ name: String, _ target: Target) -> Reply {
        guard let container = find(name) else { return missing(name) }
        guard container.state == "running" else { return .answer(status: 304) }
        let time = target.query["t"].flatMap { Int($0) } ?? 10
        change(container.name) { $0.stops.append(time) }
        // The engine answers when it has ended, which this one does when its time is over.
        if container.isStubborn, time > 0 { return .silence }
        end(container.name, exitCode: time > 0 ? 143 : 137)
        return .answer(status: 204)
    }

    private func remove(_ name: String, _ target: Target) -> Reply {
        guard let container = find(name) else { return missing(name) }
        guard container.state != "running" || target.query["force"] == "1" else {
            return refusal(409, "You cannot remove a running container \(container.id).")
        }
        state.withLock { $0.containers[container.name] = nil }
        return .answer(status: 204)
    }

    private func find(_ name: String) -> FakeContainer? {
        state.withLock { state in state.containers[name] ?? state.containers.values.first { $0.id == name } }
    }

    // MARK: Answers

    private func missing(_ name: String) -> Reply { refusal(404, "No such container: \(name)") }

    private func there(_ isThere: Bool, _ message: String) -> Reply {
        isThere ? document([:]) : refusal(404, message)
    }

    private func document(_ members: KeyValuePairs<String, Document?>, status: Int = 200) -> Reply {
        .answer(
            status: status, headers: [("Content-Type", "application/json")],
            body: Array(Document.object(members).canonicalJSON.utf8))
    }

    private func refusal(_ status: Int, _ message: String) -> Reply {
        document(["message": .string(message)], status: status)
    }
}

/// A request's target taken apart.
private struct Target {
    /// The version that stands before the path; nil for none.
    var version: String?
    /// The path without it, by its parts; a slash that was escaped is within one.
    var segments: [String] = []
    var path: String { "/" + segments.joined(separator: "/") }
    var rawQuery = ""
    var query: [String: String] = [:]

    init(_ request: ReceivedRequest) {
        let parts = request.path.split(separator: "?", maxSplits: 1).map(String.init)
        segments = (parts.first ?? "").split(separator: "/").map(Self.decoded)
        if let first = segments.first, first.first == "v", first.dropFirst().first?.isNumber == true {
            version = String(first.dropFirst())
            segments.removeFirst()
        }
        guard parts.count == 2 else { return }
        rawQuery = Self.decoded(parts[1][...])
        for pair in parts[1].split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[String(sides[0])] = sides.count > 1 ? Self.decoded(sides[1]) : ""
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else {
                bytes.append(byte)
                continue
            }
            rest = rest.dropFirst(2)
            bytes.append(value)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
