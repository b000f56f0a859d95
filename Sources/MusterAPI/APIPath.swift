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
