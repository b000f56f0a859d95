import CCrypto

/// A key of libcrypto, freed with the value. Never changed after it was made, so threads may share it.
final class OwnedKey: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes the reference over; nil for none.
    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }

    /// Whether it is of this type ("RSA", "EC").
    func isA(_ type: String) -> Bool { EVP_PKEY_is_a(pointer, type) == 1 }

    /// Its size in bits.
    var bits: Int { Int(EVP_PKEY_get_bits(pointer)) }
}
