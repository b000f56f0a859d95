import MusterCore
import MusterRuntime

/// What this process has been told of launches that are looked up later.
///
/// A help alone: without it, as in the next process, what was refused is missing from the list, and what failed is
/// found there.
final class AzureMemory: Sendable {
    /// What is known of one machine.
    struct Entry: Sendable {
        /// When its call was sent last, on a clock that nobody sets.
        var sentAt: Duration?
        /// Why it was refused at once, or not sent.
        var refusal: CloudError?
        /// What its call met although an earlier one may have been carried out: the reason, if there is no machine.
        var contest: CloudError?
        /// Why nobody knows whether its call arrived.
        var loss: CloudError?
        /// Where to see what became of the call that makes it.
        var operation: String?
        /// Why it was not made although the call was taken; its parts are removed before that is told.
        var failure: CloudError?
        /// When its deletion was asked for.
        var deletionAskedAt: Duration?
        /// Since when its launch has been waiting for what is left of it to be gone.
        var clearingSince: Duration?
        /// Whether nothing is left of it.
        var isClear = false
    }

    private struct State {
        var launches: [LaunchID: [WorkerID: Entry]] = [:]
        var order: [LaunchID] = []
    }

    private let state = Locked(State())

    func entry(_ name: WorkerID, of launch: LaunchID) -> Entry {
        state.withLock { $0.launches[launch]?[name] } ?? Entry()
    }

    func change(_ name: WorkerID, of launch: LaunchID, _ body: (inout Entry) -> Void) {
        state.withLock { state in
            if state.launches[launch] == nil {
                state.order.append(launch)
                if state.order.count > CloudPolicy.azureRememberedLaunches {
                    state.launches[state.order.removeFirst()] = nil
                }
            }
            body(&state.launches[launch, default: [:]][name, default: Entry()])
        }
    }

    func forget(_ launch: LaunchID) {
        state.withLock { state in
            guard state.launches.removeValue(forKey: launch) != nil else { return }
            state.order.removeAll { $0 == launch }
        }
    }
}
