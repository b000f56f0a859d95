public import MusterCore

/// The paths of the API, with their ids percent-encoded.
public enum APIPath {
    /// `POST`: a worker registers.
    public static let register = "/api/worker-manager/v1/worker/register"

    /// `GET`: whether a worker should end.
    public static func shouldTerminate(_ worker: WorkerKey) -> String {
        "/api/worker-manager/v1/workers/\(segment(worker.poolID.rawValue))/\(segment(worker.group.rawValue))/"
            + "\(segment(worker.id.rawValue))/should-terminate"
    }

    /// `POST`: a worker claims tasks.
    public static func claims(_ pool: PoolID) -> String {
        "/api/muster/v1/worker-pools/\(segment(pool.rawValue))/claims"
    }

    /// `POST`: a worker renews its claim.
    public static func renew(_ run: RunReference) -> String { self.run(run) + "/renew" }

    /// `POST`: a worker reports how a run ended.
    public static func report(_ run: RunReference) -> String { self.run(run) + "/report" }

    private static func run(_ run: RunReference) -> String {
        "/api/muster/v1/tasks/\(segment(run.taskID.rawValue))/runs/\(run.runID)"
    }

    /// `text` as one segment of a path: all but RFC 3986's unreserved characters percent-encoded.
    public static func segment(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}

extension APIPath {
    /// `POST`: tasks are submitted.
    public static let tasks = "/api/muster/v1/tasks"

    /// `GET`: a task.
    public static func task(_ id: TaskID) -> String { "\(tasks)/\(segment(id.rawValue))" }

    /// `POST`: a task is cancelled.
    public static func cancel(_ id: TaskID) -> String { task(id) + "/cancel" }

    /// `POST`: many tasks are cancelled.
    public static let cancelTasks = tasks + "/cancel"

    /// `GET`: all worker pools.
    public static let pools = "/api/muster/v1/worker-pools"

    /// `GET`, `DELETE`: a worker pool.
    public static func pool(_ id: PoolID) -> String { "\(pools)/\(segment(id.rawValue))" }

    /// `GET`: the tasks of a worker pool.
    public static func tasks(of pool: PoolID) -> String { self.pool(pool) + "/tasks" }

    /// `POST`: nothing is launched for a worker pool any more.
    public static func pause(_ pool: PoolID) -> String { self.pool(pool) + "/pause" }

    /// `POST`: a worker pool goes on.
    public static func resume(_ pool: PoolID) -> String { self.pool(pool) + "/resume" }

    /// `POST`: pools are defined.
    public static let apply = "/api/muster/v1/apply"

    /// `GET`: how the service is.
    public static let status = "/api/muster/v1/status"

    /// `POST`: everything stops launching.
    public static let freeze = "/api/muster/v1/freeze"

    /// `POST`: launching goes on.
    public static let unfreeze = "/api/muster/v1/unfreeze"

    /// `GET`: what may be wrong with the service and its state.
    public static let doctor = "/api/muster/v1/doctor"

    /// `POST`: every number that is kept is set to what a full recount gives.
    public static let recount = "/api/muster/v1/recount"

    /// `POST`: a copy of the database is written.
    public static let backup = "/api/muster/v1/backup"
}

extension APIPath {
    /// `GET`: what a pass over a worker pool would decide now.
    public static func plan(_ pool: PoolID) -> String { self.pool(pool) + "/plan" }

    /// `GET`: what passes over a worker pool have decided.
    public static func plans(_ pool: PoolID) -> String { self.pool(pool) + "/plans" }

    /// `GET`: launch configs of all worker pools.
    public static let launchConfigs = "/api/muster/v1/launch-configs"

    /// `GET`: a launch config; with `/pause` and `/resume`, `POST`.
    public static func launchConfig(_ id: LaunchConfigID, of pool: PoolID) -> String {
        self.pool(pool) + "/launch-configs/\(segment(id.rawValue))"
    }

    /// `GET`: workers of all worker pools.
    public static let workers = "/api/muster/v1/workers"

    /// `GET`: the providers that are enabled.
    public static let providers = "/api/muster/v1/providers"

    /// `POST`: what a provider needs to work is tried.
    public static func check(_ provider: ProviderID) -> String {
        "\(providers)/\(segment(provider.rawValue))/check"
    }

    /// `POST`: all that there is of a provider that is not used any more counts as gone.
    public static func forget(_ provider: ProviderID) -> String {
        "\(providers)/\(segment(provider.rawValue))/forget"
    }

    /// `POST`: launch configs are held against their providers, and nothing is launched.
    public static let validateLaunchConfigs = launchConfigs + "/validate"

    /// `GET`: a worker; with `/retire`, `POST`. Of one that people make also `PUT`, `PATCH` and `DELETE`.
    public static func worker(_ key: WorkerKey) -> String {
        pool(key.poolID) + "/workers/\(segment(key.group.rawValue))/\(segment(key.id.rawValue))"
    }

    /// `GET`: launches of all worker pools.
    public static let launches = "/api/muster/v1/launches"

    /// `GET`: a launch.
    public static func launch(_ id: LaunchID) -> String { "\(launches)/\(segment(id.rawValue))" }

    /// `GET`: the processes that work on the database.
    public static let replicas = "/api/muster/v1/replicas"

    /// `GET`: events.
    public static let events = "/api/muster/v1/events"

    /// `GET`, `POST`: concurrency limits.
    public static let limits = "/api/muster/v1/limits"

    /// `GET`, `PATCH`, `DELETE`: a concurrency limit; with `/holders`, `GET`.
    public static func limit(_ name: LimitName) -> String { "\(limits)/\(segment(name.rawValue))" }

    /// `POST`: slots of limits are taken.
    public static let acquireSlots = "/api/muster/v1/slots/acquire"

    /// `POST`: slots are held longer.
    public static let renewSlots = "/api/muster/v1/slots/renew"

    /// `POST`: slots are given back.
    public static let releaseSlots = "/api/muster/v1/slots/release"

    /// `GET`: who ordered what.
    public static let audit = "/api/muster/v1/audit"

    /// A path with a query; parameters without a value are left out.
    public static func query(_ path: String, _ parameters: [(name: String, value: String?)]) -> String {
        let given = parameters.compactMap { parameter in
            parameter.value.map { "\(parameter.name)=\(segment($0))" }
        }
        return given.isEmpty ? path : path + "?" + given.joined(separator: "&")
    }
}
