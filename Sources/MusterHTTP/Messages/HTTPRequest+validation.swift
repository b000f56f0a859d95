import MusterCore

extension HTTPRequest {
    /// Checks all that could not be sent as it is written; throws `.inputInvalid` with the field.
    func validatedTarget() throws(Problem) -> HTTPTarget {
        let target = try HTTPTarget(url: url, unixSocketPath: unixSocketPath)
        try validateHeaders()
        if method == .head, body != nil {
            throw Problem(.inputInvalid, "a HEAD request has no body", field: "body")
        }
        for (field, duration) in [("timeout", timeout), ("connectTimeout", connectTimeout)]
        where duration <= .zero || duration > HTTPPolicy.longestTimeout {
            throw Problem(.inputInvalid, "must be above 0 and at most a day", field: field)
        }
        guard bodyLimit >= 0 else {
            throw Problem(.inputInvalid, "must not be negative", field: "bodyLimit")
        }
        return target
    }

    private func validateHeaders() throws(Problem) {
        guard headers.count <= HTTPPolicy.headerLimit else {
            throw Problem(.inputInvalid, "more than \(HTTPPolicy.headerLimit) headers", field: "headers")
        }
        var bytes = 0
        for (index, header) in headers.enumerated() {
            if let fault = HeaderRules.fault(name: header.name, value: header.value) {
                throw Problem(.inputInvalid, fault, field: "headers[\(index)]")
            }
            bytes += header.name.utf8.count + header.value.utf8.count
        }
        guard bytes <= HTTPPolicy.headerBytesLimit else {
            throw Problem(
                .inputInvalid, "more than \(HTTPPolicy.headerBytesLimit) bytes of headers", field: "headers")
        }
    }
}
