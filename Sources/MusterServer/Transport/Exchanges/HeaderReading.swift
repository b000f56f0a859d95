import CMicroHTTPD

/// Takes headers out of the library.
enum HeaderReading {
    /// The headers of the request on `connection`, in order and untrimmed.
    static func headers(of connection: OpaquePointer) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        withUnsafeMutablePointer(to: &headers) { pointer in
            _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND,
                { context, _, name, nameSize, value, valueSize in
                    let headers = context?.assumingMemoryBound(to: [(name: String, value: String)].self)
                    headers?.pointee.append(
                        (HeaderReading.text(name, nameSize), HeaderReading.text(value, valueSize)))
                    return .YES
                }, pointer)
        }
        return headers
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ size: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : size), as: UTF8.self)
    }
}
