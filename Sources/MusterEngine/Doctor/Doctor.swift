import MusterCore
import MusterRuntime
public import MusterStore

/// Looks at a Muster as an operator would, and mends the numbers it keeps when it is told to.
public struct Doctor: Sendable {
    private let patient: Patient

    init(_ patient: Patient) { self.patient = patient }

    /// Makes every check. One that cannot be made has failed; the others are made all the same.
    public func examine() async throws -> DoctorReport {
        var findings: [Finding] = []
        for check in Self.checks {
            var judgement: Judgement
            do {
                judgement = try await check.examine(patient)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                judgement = .failed(
                    "the check could not be made: \((error as? Problem)?.message ?? "\(error)")",
                    do: "see what is wrong with the state folder or the database, and try again")
            }
            if judgement.details.count > DoctorPolicy.details {
                let more = judgement.details.count - DoctorPolicy.details
                judgement.details = judgement.details.prefix(DoctorPolicy.details) + ["and \(more) more"]
            }
            findings.append(
                Finding(
                    name: check.name, state: judgement.state, message: judgement.message,
                    action: judgement.action, details: judgement.details))
        }
        return DoctorReport(at: patient.now, findings: findings)
    }

    /// Sets every number that is kept to what a full recount gives, in one transaction.
    ///
    /// - Throws: `Problem` `conflict` when another process is at it.
    public func recount(by actor: String) async throws -> RecountReport {
        let lease = HeldLease(on: "recount", in: patient.context)
        do {
            let held = try await lease.required()
            let report = try await lease.forgettingWhatIsLost { try await recount(by: actor, under: held) }
            try await lease.release()
            return report
        } catch let elsewhere as HeldElsewhere {
            throw Problem(.conflict, "\(elsewhere.holder) is recounting: look at what it finds")
        } catch {
            try? await lease.release()
            throw error
        }
    }

    private func recount(by actor: String, under lease: Lease) async throws -> RecountReport {
        let context = patient.context
        let now = patient.now
        return try await context.write(in: .store, reaching: .countersRecounted) { transaction in
            try await context.require(lease, in: transaction)
            let differences = try await transaction.recount(at: now)
            let detail = Document.object([
                "differences": .integer(differences.count),
                "first": Document(
                    .array(differences.prefix(DoctorPolicy.details).map { .string($0.sentence) })),
            ])
            try await transaction.audit(
                actor: actor, action: "recount", subject: "fleet", detail: detail, at: now)
            if !differences.isEmpty {
                try await transaction.publish(
                    Event(.recounted, subject: "fleet", poolID: nil, time: now, data: detail))
            }
            return RecountReport(differences: differences)
        }
    }

    private static let checks: [DoctorCheck] = [
        .database, .schema, .capacity, .queueCounters, .claims, .loops, .freeze, .providers, .groups, .pools,
        .launches, .workers, .tasks, .leases, .sinks, .disk, .permissions,
    ]
}

/// One thing to look at.
struct DoctorCheck: Sendable {
    /// A word or two, the same in every version.
    let name: String
    /// Looks.
    let examine: @Sendable (Patient) async throws -> Judgement

    init(_ name: String, _ examine: @escaping @Sendable (Patient) async throws -> Judgement) {
        self.name = name
        self.examine = examine
    }
}

/// What checks look at.
struct Patient: Sendable {
    let context: EngineContext
    /// The names of the sinks that events go to.
    let sinks: [String]
    /// What each loop last did; nil where no service runs.
    let loops: [LoopStatus]?
    /// Where the state lies; nil for a Muster without files.
    let files: StateFiles?

    /// The moment it is.
    var now: Timestamp { context.clock.now() }
}

/// The files of a Muster that keeps its state in a folder.
public struct StateFiles: Sendable {
    /// The folder.
    public var folder: String
    /// The database; nil when it is not a file of this machine's.
    public var database: String?
    /// The master key; nil when it does not come from a file.
    public var masterKey: String?
    /// The socket through which operators reach the service.
    public var socket: String

    /// Names the files.
    public init(folder: String, database: String?, masterKey: String?, socket: String) {
        self.folder = folder
        self.database = database
        self.masterKey = masterKey
        self.socket = socket
    }
}

extension CounterDifference {
    /// The difference for a person to read.
    public var sentence: String {
        "\(workerPoolId): \(counter.rawValue) of \(subject): \(stored), counted \(counted)"
    }
}
