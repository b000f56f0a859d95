import CMicroHTTPD

/// Hands answers to the library.
enum Answering {
    /// Does what `step` says; `.NO` makes the library close the connection.
    static func carryOut(_ step: Exchange.Step, on connection: OpaquePointer) -> MHD_Result {
        switch step {
        case .proceed: .YES
        case .abandon: .NO
        case .answer(let response, let closing): queue(response, on: connection, closing: closing)
        }
    }

    private static func queue(
        _ response: ServerResponse, on connection: OpaquePointer, closing: Bool
    ) -> MHD_Result {
        let made = response.body.withUnsafeBytes { body in
            MHD_create_response_from_buffer(
                body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let made else { return .NO }
        defer { MHD_destroy_response(made) }
        for header in response.ownHeaders {
            guard MHD_add_response_header(made, header.name, header.value) == .YES else { return .NO }
        }
        if closing, MHD_add_response_header(made, "Connection", "close") != .YES { return .NO }
        return MHD_queue_response(connection, UInt32(response.status), made)
    }
}
