import MusterRuntime

/// The process's randomness, shared by everything that draws.
final class Chance: Sendable {
    private let generator: Locked<any RandomNumberGenerator & Sendable>

    init(_ generator: any RandomNumberGenerator & Sendable) {
        self.generator = Locked(generator)
    }

    /// A whole number within `range`.
    func number(in range: ClosedRange<Int64>) -> Int64 {
        generator.withLock { Int64.random(in: range, using: &$0) }
    }

    /// A number within `range`.
    func share(in range: ClosedRange<Double>) -> Double {
        generator.withLock { Double.random(in: range, using: &$0) }
    }

    /// 160 random bits as 32 characters: unguessable when the generator is.
    func word() -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return generator.withLock { generator in
            String((0..<32).map { _ in alphabet[Int(generator.next() & 31)] })
        }
    }
}
