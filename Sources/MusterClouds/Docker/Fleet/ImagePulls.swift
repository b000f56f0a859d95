import MusterCore
import MusterHTTP
import MusterRuntime

/// Fetches images: each once for all who wait for it, a few at a time.
actor ImagePulls {
    private let engine: DockerEngine
    private let log: Log
    private var underWay: [String: Task<CloudError?, Never>] = [:]
    private var free = CloudPolicy.dockerPullsAtOnce
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ engine: DockerEngine, log: Log) {
        self.engine = engine
        self.log = log
    }

    /// Fetches an image, or waits until somebody else has; what went wrong, if anything did.
    func fetch(_ image: String) async -> CloudError? {
        if let task = underWay[image] { return await task.value }
        let task = Task { await pull(image) }
        underWay[image] = task
        let error = await task.value
        underWay[image] = nil
        return error
    }

    /// Ends what is under way.
    func stop() {
        for task in underWay.values { task.cancel() }
    }

    private func pull(_ image: String) async -> CloudError? {
        await takeTurn()
        defer { giveTurn() }
        guard let name = ImageName(image) else {
            return CloudError(.invalidConfig, cloudCode: "image", message: "\(image) is not an image's name")
        }
        log.info("fetching an image", ["image": image])
        do throws(CloudError) {
            let response = try await engine.send(
                .post, "/images/create", [("fromImage", name.repository), ("tag", name.tag)], body: [],
                within: CloudPolicy.dockerPullDeadline, limit: CloudPolicy.dockerProgressLimit)
            guard response.status == 200 else {
                throw CloudError(docker: response, to: "fetch the image \(image)")
            }
            // A pull that has begun answers 200 whatever comes of it: its last words tell.
            if let message = PullProgress.failure(in: response.body) {
                throw CloudError(pulling: image, message)
            }
            log.info("fetched an image", ["image": image])
            return nil
        } catch {
            log.warning("an image could not be fetched", ["image": image, "error": error.description])
            return error
        }
    }

    private func takeTurn() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func giveTurn() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

/// What an engine says while it fetches an image: a JSON object after the other.
enum PullProgress {
    /// Why it failed; nil when it did not.
    static func failure(in body: [UInt8]) -> String? {
        for line in body.split(separator: UInt8(ascii: "\n")) where line.contains(UInt8(ascii: "{")) {
            // Lines of progress are most of it, and none of them is worth reading.
            guard let told = try? JSON.decode(Line.self, from: line) else { continue }
            if let error = told.detail?.message ?? told.error { return error }
        }
        return nil
    }

    private struct Line: Decodable {
        struct Detail: Decodable {
            let message: String?
        }

        let error: String?
        let detail: Detail?

        private enum CodingKeys: String, CodingKey {
            case error
            case detail = "errorDetail"
        }
    }
}
