import MusterAPI
import MusterCore

/// All that a worker says to the service.
///
/// Each call may be repeated. What registering gives to show with the later calls stays inside.
protocol ServiceConnection: Sendable {
    /// Proves who the worker is; gives when its credentials end.
    func register(_ request: RegisterWorkerRequest) async throws(ServiceFailure) -> Timestamp

    /// Asks for tasks and waits for them, as long as the request says.
    func claim(_ request: ClaimRequest) async throws(ServiceFailure) -> ClaimAnswer

    /// Keeps a run, in a call that takes no longer than `time`; gives when its claim now ends.
    func renew(_ run: RunReference, within time: Duration) async throws(ServiceFailure) -> Timestamp

    /// Tells how a run ended.
    func report(_ run: RunReference, _ report: RunReport) async throws(ServiceFailure)

    /// Asks whether the worker should end.
    func shouldTerminate() async throws(ServiceFailure) -> ShouldTerminateResponse
}
