public import MusterCore

/// A container of the fake engine.
public struct FakeContainer: Hashable, Sendable {
    /// The engine's id.
    public var id: String
    /// Its name, without a slash.
    public var name: String
    /// What it was made of, as it was sent.
    public var specification: Document
    /// The engine's word: `created`, `running`, `exited`.
    public var state = "created"
    /// What it ended with.
    public var exitCode = 0
    /// When it was made, in seconds since 1970.
    public var created: Int64
    /// When it ended.
    public var finishedAt: Timestamp?
    /// The archives that were unpacked in it, as they were sent.
    public var archives: [[UInt8]] = []
    /// How often it was started.
    public var starts = 0
    /// The times that it was given to end, in seconds, in order.
    public var stops: [Int] = []
    /// Whether it goes on when it is asked to end.
    public var isStubborn = false

    /// Its labels.
    public var labels: [String: String] {
        guard case .object(let members)? = specification["Labels"]?.value else { return [:] }
        return Dictionary(
            members.compactMap { member in
                guard case .string(let text) = member.document.value else { return nil }
                return (member.name, text)
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The image that it was made of.
    public var image: String {
        guard case .string(let image)? = specification["Image"]?.value else { return "" }
        return image
    }

    /// What a listing shows of it.
    var listed: Document {
        .object([
            "Id": .string(id), "Names": Document(.array([.string("/\(name)")])), "Image": .string(image),
            "ImageID": .string("sha256:d74508fb6632"), "Command": .string("muster worker"),
            "Created": Document(.integer(created)), "State": .string(state),
            "Status": .string(state == "exited" ? "Exited (\(exitCode)) 5 minutes ago" : "Up 5 minutes"),
            "Ports": Document(.array([])), "Labels": specification["Labels"] ?? .object([:]),
            "HostConfig": .object(["NetworkMode": .string("bridge")]), "Mounts": Document(.array([])),
        ])
    }

    /// What is seen when it is looked into.
    var inspected: Document {
        .object([
            "Id": .string(id), "Name": .string("/\(name)"),
            "Created": .string(
                Timestamp(milliseconds: created * 1_000).description),
            "State": .object([
                "Status": .string(state), "Running": Document(.boolean(state == "running")),
                "ExitCode": .integer(exitCode), "OOMKilled": Document(.boolean(exitCode == 137)),
                "Error": .string(""),
                "FinishedAt": .string(finishedAt?.description ?? "0001-01-01T00:00:00Z"),
            ]),
            "Config": specification,
        ])
    }
}
