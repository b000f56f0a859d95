import CCrypto

extension Certificate {
    /// The hosts it was made for, in lower case: those of its alternative names, or its common name when it has
    /// none. A wildcard is a name as it stands; one with anything but what hosts have is left out.
    public var hostNames: [String] {
        let alternatives = Library.call { () -> [String]? in
            guard let names = X509_get_ext_d2i(owned.pointer, NID_subject_alt_name, nil, nil) else {
                return nil
            }
            let list = OpaquePointer(names)
            defer { GENERAL_NAMES_free(list) }
            return (0..<muster_names_count(list)).compactMap { Self.host(muster_host_name(list, $0)) }
        }
        if let alternatives { return alternatives }
        return Library.call {
            let subject = X509_get_subject_name(owned.pointer)
            // The last is the most specific.
            var place: Int32 = -1
            var found: [String] = []
            while true {
                place = X509_NAME_get_index_by_NID(subject, NID_commonName, place)
                guard place >= 0 else { return Array(found.suffix(1)) }
                let entry = X509_NAME_get_entry(subject, place)
                if let name = Self.host(X509_NAME_ENTRY_get_data(entry)) { found.append(name) }
            }
        }
    }

    /// Whether one of its hosts is `domain` or below it.
    public func isFor(domain: String) -> Bool {
        hostNames.contains { $0 == domain || $0.hasSuffix(".\(domain)") }
    }

    /// Whom it was made for, as RFC 2253 writes names; for people.
    public var subject: String {
        Library.call {
            guard let output = BIO_new(BIO_s_mem()) else { return "" }
            defer { BIO_free(output) }
            let written = muster_print_name(output, X509_get_subject_name(owned.pointer))
            return written < 0 ? "" : String(decoding: output.written, as: UTF8.self)
        }
    }

    /// A name whose bytes are all what hosts are written with: none that ends a text early for somebody else.
    private static func host(_ text: UnsafePointer<ASN1_STRING>?) -> String? {
        guard let text, let start = ASN1_STRING_get0_data(text) else { return nil }
        let bytes = UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(text)))
        guard (1...253).contains(bytes.count), bytes.allSatisfy(isHostByte) else { return nil }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "*"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension OpaquePointer {
    /// What was written into a memory BIO.
    var written: [UInt8] {
        var start: UnsafeMutablePointer<CChar>?
        let count = muster_memory_count(self, &start)
        guard let start, count > 0 else { return [] }
        return UnsafeBufferPointer(start: start, count: count).map(UInt8.init(bitPattern:))
    }
}
