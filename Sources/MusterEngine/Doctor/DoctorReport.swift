public import MusterCore
public import MusterStore

/// What the doctor found.
public struct DoctorReport: Codable, Hashable, Sendable {
    /// When it looked.
    public var at: Timestamp
    /// One for each check, in the order of the checks.
    public var findings: [Finding]

    /// Makes a report.
    public init(at: Timestamp, findings: [Finding]) {
        self.at = at
        self.findings = findings
    }

    /// How many findings are of a kind.
    public func count(_ state: Finding.State) -> Int { findings.count { $0.state == state } }
}

/// What one check found.
public struct Finding: Codable, Hashable, Sendable {
    /// How bad it is.
    public enum State: String, CaseIterable, Codable, Sendable {
        /// As it should be.
        case ok
        /// Somebody should know.
        case warning
        /// Something does not work, or soon will not.
        case failed
    }

    /// The check's name.
    public var name: String
    /// How bad it is.
    public var state: State
    /// What was found: a sentence.
    public var message: String
    /// What to do about it; absent when there is nothing to do.
    public var action: String?
    /// What it was found in, a line each; a bounded number.
    public var details: [String]
}

/// What a full recount found, and mended.
public struct RecountReport: Codable, Hashable, Sendable {
    /// The numbers that were kept wrongly, as they were.
    public var differences: [CounterDifference]
}

/// What a check says: its name comes with the check.
struct Judgement: Sendable {
    let state: Finding.State
    let message: String
    var action: String?
    var details: [String] = []

    static func ok(_ message: String, _ details: [String] = []) -> Judgement {
        Judgement(state: .ok, message: message, details: details)
    }

    static func warning(_ message: String, do action: String, _ details: [String] = []) -> Judgement {
        Judgement(state: .warning, message: message, action: action, details: details)
    }

    static func failed(_ message: String, do action: String, _ details: [String] = []) -> Judgement {
        Judgement(state: .failed, message: message, action: action, details: details)
    }
}
