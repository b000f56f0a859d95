/// A value that must never be seen: whatever prints, logs or dumps it gets dots.
public struct Secret<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let value: Value

    /// Hides `value`.
    public init(_ value: Value) { self.value = value }

    /// Takes the value out; the name makes each such place easy to find.
    public func reveal() -> Value { value }

    public var description: String { "••••" }
    public var debugDescription: String { "••••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable where Value: Equatable {}
