import CCurl
import Glibc
import MusterCore

// A problem names the method and where to, never a path, query, header or body.
extension Call {
    private var name: String { "\(request.method.rawValue) \(target)" }

    /// The caller gave up.
    var cancelled: Problem { Problem(.cancelled, "\(name): cancelled by the caller") }

    /// The client is, or goes, down.
    var shutDown: Problem { Problem(.shuttingDown, "\(name): the HTTP client is shut down") }

    /// The deadline passed.
    var overdue: Problem {
        Problem(.networkTimeout, "\(name): no complete answer within \(request.timeout)")
    }

    /// The answer passed a bound.
    func excessive(_ excess: Transfer.Excess) -> Problem {
        switch excess {
        case .body:
            Problem(.answerTooLarge, "\(name): the answer's body has more than \(request.bodyLimit) bytes")
        case .head:
            Problem(
                .answerTooLarge,
                "\(name): the answer has more than \(HTTPPolicy.headerLimit) headers or"
                    + " \(HTTPPolicy.headerBytesLimit) bytes of them")
        }
    }

    /// What libcurl says, in our terms. Of `detail`, libcurl's own text, only what it says before a request
    /// leaves is used: later texts could quote the request or the answer.
    func failed(_ code: CURLcode, detail: String, systemError: Int) -> Problem {
        let reason = String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_COULDNT_CONNECT:
            let cause = systemError == 0 ? detail : String(cString: strerror(Int32(systemError)))
            return Problem(.networkRefused, "\(name): no connection (\(cause))")
        case CURLE_OPERATION_TIMEDOUT:
            return Problem(.networkTimeout, "\(name): no connection within \(request.connectTimeout)")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PEER_FAILED_VERIFICATION,
            CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            return Problem(.networkFailed, "\(name): \(detail.isEmpty ? reason : detail)")
        case CURLE_ABORTED_BY_CALLBACK:
            return Problem(
                .networkFailed, "\(name): the connection was lost, and the request may have arrived")
        default:
            return Problem(.networkFailed, "\(name): \(reason)")
        }
    }
}
