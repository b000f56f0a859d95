import MusterAPI
import MusterCore
import MusterRuntime

extension Call {
    /// The pause that the body asks for; an empty body asks for one without an end.
    func pause(at now: Timestamp) throws -> Pause {
        let request =
            self.request.body.isEmpty
            ? PauseRequest() : try PauseRequest(JSON.document(self.request.body))
        if let until = request.until, until <= now {
            throw Problem(.inputInvalid, "must be in the future", field: "until")
        }
        return Pause(until: request.until, reason: request.reason ?? "")
    }
}
