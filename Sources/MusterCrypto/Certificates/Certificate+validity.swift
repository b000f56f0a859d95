import CCrypto

extension Certificate {
    /// From when to when it is valid, in seconds since 1970; nil where it is not written as moments.
    public var validity: ClosedRange<Int64>? {
        Library.call {
            guard let start = Self.seconds(X509_get0_notBefore(owned.pointer)),
                let end = Self.seconds(X509_get0_notAfter(owned.pointer)), start <= end
            else { return nil }
            return start...end
        }
    }

    /// Whether it is signed with its own key, as roots and pinned certificates are.
    public var isSelfSigned: Bool {
        Library.call {
            guard let key = OwnedKey(X509_get_pubkey(owned.pointer)) else { return false }
            // Whether it may sign certificates is not asked: those that sign nothing else are pinned as they are.
            return X509_NAME_cmp(X509_get_subject_name(owned.pointer), X509_get_issuer_name(owned.pointer))
                == 0
                && X509_verify(owned.pointer, key.pointer) == 1
        }
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard let time, ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Int64(days) * 86_400 + Int64(seconds)
    }
}
