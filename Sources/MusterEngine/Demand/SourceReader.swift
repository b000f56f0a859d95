import Glibc
public import MusterCore
public import MusterHTTP
public import MusterRuntime

/// Reads task sources: documents at URLs of the hosts, and in files of the folders, that muster.yaml names.
///
/// What may be read is the operator's word, not a pool definition's: a definition cannot make Muster call, or
/// open, anything else.
public struct SourceReader: TaskSourceReading {
    private let rules: SourceRules
    private let client: HTTPClient
    private let clock: any WallClock

    /// Reads what `rules` allow.
    public init(_ rules: SourceRules, client: HTTPClient, clock: any WallClock) {
        self.rules = rules
        self.client = client
        self.clock = clock
    }

    public func problems(in source: ExternalSource) -> [Problem] { rules.problems(in: source) }

    public func read(_ source: ExternalSource) async throws(Problem) -> DemandReading {
        // The rules may have changed since the pool was defined.
        if let problem = rules.problems(in: source).first { throw problem }
        switch source.place {
        case .http(let url, let headers, let timeout):
            let document = try await fetch(url, headers, timeout)
            return try DemandReading(document, from: source, answeredAt: clock.now())
        case .file(let path):
            let (document, modifiedAt) = try load(path)
            return try DemandReading(document, from: source, answeredAt: modifiedAt)
        }
    }

    private func fetch(
        _ url: String, _ headers: [ExternalSource.Header], _ timeout: Duration
    ) async throws(Problem) -> Document {
        var request = HTTPRequest(.get, url)
        request.timeout = timeout
        request.connectTimeout = min(timeout, HTTPPolicy.connectTimeout)
        request.bodyLimit = SourcePolicy.largestDocument
        for header in headers {
            request.headers.append((header.name, try rules.text(of: header.value)))
        }
        let response = try await client.send(request)
        guard response.status == 200 else {
            throw Problem(.answerUnexpected, "the task source answered with status \(response.status)")
        }
        return try document(response.body)
    }

    private func load(_ path: String) throws(Problem) -> (Document, modifiedAt: Timestamp) {
        // Links are followed first: where they lead must be allowed too.
        guard let resolved = realpath(path, nil) else { throw .unreadable(path, errno) }
        defer { free(resolved) }
        let place = String(cString: resolved)
        guard rules.allows(file: place) else {
            throw Problem(.notPermitted, "the task source's file is a link out of the folders of muster.yaml")
        }
        var status = stat()
        guard stat(place, &status) == 0 else { throw .unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Problem(.fileFailed, "the task source \(path) is not a file")
        }
        let content = try TextFile.read(place, limit: SourcePolicy.largestDocument)
        let modified = Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
        return (try document(content), Timestamp(milliseconds: modified))
    }

    private func document(_ content: [UInt8]) throws(Problem) -> Document {
        do throws(Problem) {
            return try JSON.document(content)
        } catch {
            throw Problem(.answerUnexpected, "the task source gave no JSON: \(error.message)")
        }
    }
}

extension Problem {
    fileprivate static func unreadable(_ path: String, _ number: Int32) -> Problem {
        Problem(
            .fileFailed, "the task source \(path) cannot be read: \(String(cString: strerror(number)))")
    }
}

/// The constants of reading task sources.
enum SourcePolicy {
    /// Bytes: a list of a hundred thousand idle instances, with room.
    static let largestDocument = 4 << 20
}
