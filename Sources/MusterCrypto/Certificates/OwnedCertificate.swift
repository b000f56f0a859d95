import CCrypto

/// A certificate of libcrypto, freed with the value.
///
/// Only read after it was made. What libcrypto caches within it, it guards with a lock of its own.
final class OwnedCertificate: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes the reference over; nil for none.
    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    /// One more reference to what somebody else holds.
    init?(sharing pointer: OpaquePointer?) {
        guard let pointer, X509_up_ref(pointer) == 1 else { return nil }
        self.pointer = pointer
    }

    deinit { X509_free(pointer) }
}
