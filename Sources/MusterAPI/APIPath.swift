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
}
