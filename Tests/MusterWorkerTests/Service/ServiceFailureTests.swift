import MusterCore
import Testing

@testable import MusterWorker

@Suite("What an answer of the service means")
struct ServiceFailureTests {
    private func failure(_ status: Int, code: String = "claim-lost", retryAfter: String? = nil)
        -> ServiceFailure
    {
        let body = #"{"code":"\#(code)","message":"so it is"}"#
        return ServiceFailure(status: status, body: Array(body.utf8), retryAfter: retryAfter)
    }

    @Test("trouble and haste are worth another try", arguments: [500, 502, 503, 504, 408, 425, 429])
    func trouble(status: Int) {
        guard case .noAnswer(_, let retryAfter) = failure(status, retryAfter: "7") else {
            Issue.record("status \(status) is final")
            return
        }
        #expect(retryAfter == .seconds(7))
    }

    @Test("a claim is lost when the service says so, and not for any other conflict")
    func lost() {
        for status in [404, 409, 410] {
            guard case .claimLost(let problem) = failure(status) else {
                Issue.record("status \(status) keeps the claim")
                continue
            }
            #expect(problem.code == .claimLost)
        }
        guard case .claimLost = failure(404, code: "task-not-found") else {
            Issue.record("a task that is gone keeps its claim")
            return
        }
        guard case .refused = failure(409, code: "conflict") else {
            Issue.record("any conflict loses the claim")
            return
        }
    }

    @Test("everything else is final", arguments: [301, 400, 401, 403, 404, 413, 422])
    func refused(status: Int) {
        guard case .refused(let problem) = failure(status, code: "not-permitted") else {
            Issue.record("status \(status) is tried again")
            return
        }
        #expect(problem.message == "so it is (status \(status))")
    }

    @Test("an answer that is no JSON is told by its status")
    func noJSON() {
        let failure = ServiceFailure(status: 403, body: Array("<html>".utf8), retryAfter: nil)
        #expect(failure.problem.message.contains("403"))
    }

    @Test("a header of the time gives the difference of the clocks, small ones aside")
    func skew() throws {
        let told = try #require(Timestamp("1994-11-06T08:49:37Z"))
        let header = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(ServiceTime.skew(date: header, now: told + .seconds(600)) == .seconds(600))
        #expect(ServiceTime.skew(date: header, now: told - .seconds(600)) == .seconds(-600))
        #expect(ServiceTime.skew(date: header, now: told + .milliseconds(1_900)) == .zero)
        #expect(ServiceTime.skew(date: nil, now: told) == .zero)
        #expect(ServiceTime.skew(date: "Sunday, 06-Nov-94 08:49:37 GMT", now: told) == .zero)
    }
}
