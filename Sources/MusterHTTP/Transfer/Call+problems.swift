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
    ///
    /// - Parameter wasSent: whether any of it may have left; if not, it has certainly not been carried out.
    func overdue(wasSent: Bool) -> Problem {
        wasSent
            ? Problem(.networkTimeout, "\(name): no complete answer within \(request.timeout)")
            : Problem(
                .networkRefused, "\(name): not sent, for want of a connection within \(request.timeout)")
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
    ///
    /// - Parameter wasSent: whether any of it may have left. A connection that was used before may break under a
    ///   request, and another one be refused: that it was refused then says nothing of the request.
    func failed(_ code: CURLcode, detail: String, systemError: Int, wasSent: Bool) -> Problem {
        let reason = String(cString: curl_easy_strerror(code))
        guard wasSent else { return unsent(code, detail.isEmpty ? reason : detail, reason, systemError) }
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return Problem(.networkTimeout, "\(name): the connection was lost, and no other made in time")
        case CURLE_ABORTED_BY_CALLBACK, CURLE_COULDNT_CONNECT:
            return Problem(
                .networkFailed, "\(name): the connection was lost, and the request may have arrived")
        default:
            return Problem(.networkFailed, "\(name): \(reason)")
        }
    }

    /// Not a byte of it has left: whatever it was, it was not carried out.
    private func unsent(_ code: CURLcode, _ detail: String, _ reason: String, _ systemError: Int) -> Problem {
        let cause =
            switch code {
            case CURLE_COULDNT_CONNECT where systemError != 0:
                "no connection (\(String(cString: strerror(Int32(systemError)))))"
            case CURLE_COULDNT_CONNECT: "no connection (\(detail))"
            case CURLE_OPERATION_TIMEDOUT: "no connection within \(request.connectTimeout)"
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PEER_FAILED_VERIFICATION,
                CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
                detail
            default: reason
            }
        return Problem(.networkRefused, "\(name): \(cause)")
    }
}
