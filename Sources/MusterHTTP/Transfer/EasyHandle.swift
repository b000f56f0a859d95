import CCurl
import MusterCore

/// libcurl's handle of one transfer at a time; used again after `reset`. Must be out of the multi handle
/// when it is reset or let go.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let detailBuffer: UnsafeMutablePointer<CChar>

    init() throws(Problem) {
        guard let pointer = curl_easy_init() else {
            throw Problem(.internalError, "libcurl has no memory for a transfer")
        }
        self.pointer = pointer
        detailBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        detailBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        detailBuffer.deallocate()
    }

    /// Forgets all options and everything they point to.
    func reset() {
        curl_easy_reset(pointer)
        detailBuffer.pointee = 0
    }

    /// libcurl's own words on what went wrong, or nothing.
    var detail: String { String(cString: detailBuffer) }

    /// Has libcurl write its `detail`.
    func collectDetail() throws(Problem) {
        try check(CURLOPT_ERRORBUFFER, muster_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, detailBuffer))
    }

    func set(_ option: CURLoption, _ value: Int) throws(Problem) {
        try check(option, muster_curl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: String) throws(Problem) {
        try check(option, muster_curl_set_string(pointer, option, value))
    }

    /// The object must outlive the transfer.
    func set(_ option: CURLoption, _ object: AnyObject) throws(Problem) {
        let context = Unmanaged.passUnretained(object).toOpaque()
        try check(option, muster_curl_set_pointer(pointer, option, context))
    }

    /// The list must outlive the transfer.
    func set(_ headers: HeaderList) throws(Problem) {
        try check(CURLOPT_HTTPHEADER, muster_curl_set_list(pointer, CURLOPT_HTTPHEADER, headers.pointer))
    }

    /// Makes it a POST of a copy of `body`.
    func set(body: [UInt8]) throws(Problem) {
        let code = body.withUnsafeBytes {
            muster_curl_set_body(pointer, $0.baseAddress, curl_off_t($0.count))
        }
        try check(CURLOPT_COPYPOSTFIELDS, code)
    }

    func set(_ option: CURLoption, receiver: curl_write_callback) throws(Problem) {
        try check(option, muster_curl_set_receiver(pointer, option, receiver))
    }

    func set(socketOpener: curl_opensocket_callback) throws(Problem) {
        try check(CURLOPT_OPENSOCKETFUNCTION, muster_curl_set_socket_opener(pointer, socketOpener))
    }

    func set(sendGate: curl_prereq_callback) throws(Problem) {
        try check(CURLOPT_PREREQFUNCTION, muster_curl_set_send_gate(pointer, sendGate))
    }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        return muster_curl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    private func check(_ option: CURLoption, _ code: CURLcode) throws(Problem) {
        guard code == CURLE_OK else {
            throw Problem(
                .internalError,
                "libcurl refused option \(option.rawValue): \(String(cString: curl_easy_strerror(code)))")
        }
    }
}
