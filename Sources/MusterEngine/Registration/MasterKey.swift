import MusterCore
import MusterCrypto
public import MusterRuntime

/// The secret from which all others are derived, so that none of them need be stored.
public struct MasterKey: Sendable {
    private let bytes: Secret<[UInt8]>

    /// Takes 32 or more bytes.
    public init(_ bytes: Secret<[UInt8]>) { self.bytes = bytes }

    /// The secret for one purpose and one subject; 44 characters, as the worker-manager API's schema has them.
    ///
    /// A letter comes first: no program that is handed it takes it for an option.
    /// The purpose is part of what is authenticated, and lengths keep its parts apart.
    public func secret(for purpose: String, _ parts: String...) -> Secret<String> {
        let message = ([purpose] + parts).map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
        let code = MessageAuthentication.code(Array(message.utf8), key: bytes.reveal())
        return Secret("m" + Base64URL.text(code))
    }
}
