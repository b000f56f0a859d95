public import MusterCore

/// A value as the engines store it.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What can be given to a statement.
public protocol SQLConvertible {
    /// The value as it is stored.
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLConvertible {
    public var sqlValue: SQLValue { self }
}

extension Int: SQLConvertible {
    public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLConvertible {
    public var sqlValue: SQLValue { .integer(self) }
}

extension Double: SQLConvertible {
    public var sqlValue: SQLValue { .real(self) }
}

extension Bool: SQLConvertible {
    public var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension String: SQLConvertible {
    public var sqlValue: SQLValue { .text(self) }
}

extension Timestamp: SQLConvertible {
    public var sqlValue: SQLValue { .integer(milliseconds) }
}

extension PoolID: SQLConvertible {}
extension LaunchConfigID: SQLConvertible {}
extension ProviderID: SQLConvertible {}
extension LaunchID: SQLConvertible {}
extension WorkerGroup: SQLConvertible {}
extension WorkerID: SQLConvertible {}
extension TaskID: SQLConvertible {}
extension Tenant: SQLConvertible {}
extension LimitID: SQLConvertible {}
extension LimitName: SQLConvertible {}
extension Bucket: SQLConvertible {}
extension EventType: SQLConvertible {}

extension RawRepresentable<String> {
    /// The raw value as text.
    public var sqlValue: SQLValue { .text(rawValue) }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
