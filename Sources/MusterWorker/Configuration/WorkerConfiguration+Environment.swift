public import MusterCore

extension WorkerConfiguration {
    /// The variables that `fromEnvironment` reads.
    public enum Variable: String, CaseIterable, Sendable {
        case url = "MUSTER_WORKER_URL"
        case pool = "MUSTER_WORKER_POOL"
        case provider = "MUSTER_WORKER_PROVIDER"
        case group = "MUSTER_WORKER_GROUP"
        case id = "MUSTER_WORKER_ID"
        /// A number or `unlimited`; 1 when it is not set.
        case capacity = "MUSTER_WORKER_CAPACITY"
        case folder = "MUSTER_WORKER_FOLDER"
        case tokenFile = "MUSTER_WORKER_TOKEN_FILE"
        /// Instead of the token's, for a worker that a person made.
        case secretFile = "MUSTER_WORKER_SECRET_FILE"
        /// Whole seconds; the policy's time when it is not set.
        case drainSeconds = "MUSTER_WORKER_DRAIN_SECONDS"
    }

    /// Reads a configuration from a process's environment; `overrides` (from the command line) come first.
    ///
    /// What is not Muster's own in the environment becomes the environment of the tasks.
    ///
    /// - Throws: `Problems` with everything that is missing or wrong, each naming its variable.
    public static func fromEnvironment(
        _ environment: [String: String], overrides: [Variable: String] = [:]
    ) throws(Problems) -> WorkerConfiguration {
        var reader = Reader(environment: environment, overrides: overrides)
        let url = reader.text(.url)
        let pool = reader.identifier(.pool, PoolID.self)
        let provider = reader.identifier(.provider, ProviderID.self)
        let group = reader.identifier(.group, WorkerGroup.self)
        let id = reader.identifier(.id, WorkerID.self)
        let folder = reader.absolutePath(.folder)
        let proof = reader.proof()
        let limit = reader.limit()
        let drainTime = reader.drainTime()
        if let url { reader.note { () throws(Problem) in _ = try ServiceAddress(url) } }
        guard let url, let pool, let provider, let group, let id, let folder, let proof, let limit,
            let drainTime, reader.problems.isEmpty
        else {
            throw Problems(reader.problems)
                ?? Problems(Problem(.internalError, "the configuration could not be read"))
        }
        return WorkerConfiguration(
            serviceURL: url, worker: WorkerKey(poolID: pool, group: group, id: id), providerID: provider,
            workLimit: limit, folder: folder, proof: proof, drainTime: drainTime,
            taskEnvironment: TaskEnvironment.inherited(from: environment))
    }

    private struct Reader {
        let environment: [String: String]
        let overrides: [Variable: String]
        var problems: [Problem] = []

        func value(_ variable: Variable) -> String? {
            guard let text = overrides[variable] ?? environment[variable.rawValue], !text.isEmpty else {
                return nil
            }
            return text
        }

        mutating func refuse(_ variable: Variable, _ message: String) {
            problems.append(Problem(.inputInvalid, message, field: variable.rawValue))
        }

        mutating func note(_ check: () throws(Problem) -> Void) {
            do { try check() } catch { problems.append(error) }
        }

        mutating func text(_ variable: Variable) -> String? {
            guard let text = value(variable) else {
                refuse(variable, "is not set")
                return nil
            }
            return text
        }

        mutating func identifier<ID: Identifier>(_ variable: Variable, _ type: ID.Type) -> ID? {
            guard let text = text(variable) else { return nil }
            do {
                return try ID(validating: text, field: variable.rawValue)
            } catch {
                problems.append(error)
                return nil
            }
        }

        // A command's folder is not the worker's, so a relative path would mean two places.
        mutating func absolutePath(_ variable: Variable) -> String? {
            guard let text = text(variable) else { return nil }
            guard text.hasPrefix("/") else {
                refuse(variable, "must be an absolute path")
                return nil
            }
            return text
        }

        mutating func proof() -> ProofFile? {
            guard value(.secretFile) != nil else { return absolutePath(.tokenFile).map(ProofFile.token) }
            guard value(.tokenFile) == nil else {
                refuse(.secretFile, "takes the place of \(Variable.tokenFile.rawValue): set one of them")
                return nil
            }
            return absolutePath(.secretFile).map(ProofFile.secret)
        }

        mutating func limit() -> WorkLimit? {
            guard let text = value(.capacity) else { return .tasks(1) }
            guard let limit = WorkLimit(text) else {
                refuse(.capacity, WorkLimit.rule)
                return nil
            }
            return limit
        }

        mutating func drainTime() -> Duration? {
            guard let text = value(.drainSeconds) else { return WorkerPolicy.drainTime }
            guard let seconds = Int(text), (0...604_800).contains(seconds) else {
                refuse(.drainSeconds, "must be a whole number of seconds from 0 to 604800")
                return nil
            }
            return .seconds(seconds)
        }
    }
}
