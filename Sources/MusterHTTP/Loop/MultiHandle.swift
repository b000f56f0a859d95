import CCurl
import MusterCore
import MusterRuntime

/// libcurl's set of transfers, with its connections and its cache of host names.
///
/// Crosses threads for one reason: `wake` may be called from any of them, as long as `close` has not been;
/// `LoopMailbox` sees to that. All else is for the loop's thread.
struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer

    init(_ configuration: HTTPClientConfiguration) throws(Problem) {
        guard Self.libraryCode == CURLE_OK, let pointer = curl_multi_init() else {
            throw Problem(.unavailable, "libcurl does not start: no memory or no descriptors")
        }
        for (option, value) in [
            (CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsPerHost),
            (CURLMOPT_MAXCONNECTS, configuration.idleConnections),
        ] where muster_curl_multi_set_long(pointer, option, value) != CURLM_OK {
            curl_multi_cleanup(pointer)
            throw Problem(.internalError, "libcurl does not know option \(option.rawValue)")
        }
        self.pointer = pointer
    }

    /// Ends the poll that runs, or else the next.
    func wake() { curl_multi_wakeup(pointer) }

    /// Closes all connections. No easy handle may be in it.
    func close() { curl_multi_cleanup(pointer) }

    // Once per process, and before any thread uses libcurl.
    private static let libraryCode = muster_curl_global_init()
}
