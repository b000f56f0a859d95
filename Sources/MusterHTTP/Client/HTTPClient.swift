import CCurl
import Glibc
public import MusterCore
public import MusterRuntime

/// Makes HTTP calls: what every outgoing call of Muster goes through.
///
/// One thread of its own holds all of libcurl's handles; callers post to its mailbox. Connections are kept
/// and used again. It does not follow redirects, does not retry, and does not repeat a POST or PATCH that
/// may have arrived. A client that is let go without `shutDown` ends its thread too.
public final class HTTPClient: Sendable {
    private let mailbox: LoopMailbox
    private let thread: pthread_t
    private let loopEnd: LoopEnd
    private let ledger = HostLedger()
    private let ending = Locked<Task<Void, Never>?>(nil)

    /// Starts the client's thread. Throws `.inputInvalid` for a configuration that cannot be, and
    /// `.unavailable` when the system gives no thread or descriptors.
    public init(
        configuration: HTTPClientConfiguration = .init(), log: Log = .silent
    ) throws(Problem) {
        try configuration.validate()
        let multi = try MultiHandle(configuration)
        let mailbox = LoopMailbox(waking: multi)
        let loopEnd = LoopEnd()
        do {
            thread = try LoopThread.start { [ledger] in
                TransferLoop(
                    multi: multi, mailbox: mailbox, configuration: configuration, ledger: ledger, log: log
                ).run()
                loopEnd.signal()
            }
        } catch {
            multi.close()
            throw error
        }
        self.mailbox = mailbox
        self.loopEnd = loopEnd
    }

    deinit {
        // After a shutDown the thread belongs to the task that joins it.
        guard ending.withLock({ $0 == nil }) else { return }
        mailbox.stop()
        pthread_detach(thread)
    }

    /// Makes one call and waits for the whole answer, whatever its status.
    ///
    /// Cancelling the task ends the call at once. Throws `.inputInvalid` before anything is sent, and
    /// `.networkRefused` when not a byte of the request left, whatever it was that there was no connection for: no
    /// such host, nobody who listens, no trust, no connection free in time. After `.networkTimeout`,
    /// `.networkFailed`, `.answerTooLarge`, `.cancelled` and `.shuttingDown` the call may have been carried out.
    public func send(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        try await perform(Call(request))
    }

    /// What became of the calls, by host.
    public var hosts: [HostFigures] { ledger.all }

    /// Waits for a call that nobody has waited for yet.
    func perform(_ call: Call) async throws(Problem) -> HTTPResponse {
        // The last use of `self` is long before the answer, and its end would end the call.
        defer { withExtendedLifetime(self) {} }
        let mailbox = mailbox
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard call.wait(continuation) else { return }
                if !mailbox.post(.start(call)) { call.settle(.failure(call.shutDown)) }
            }
        } onCancel: {
            if call.settle(.failure(call.cancelled)) { mailbox.post(.abandon(call)) }
        }
        return try outcome.get()
    }

    /// Ends the client: what is in flight fails with `.shuttingDown`, as does every later call. Returns when
    /// the thread is gone and its connections are closed. More than one may ask; all wait for the same end.
    public func shutDown() async {
        let joining = ending.withLock { [mailbox, loopEnd, thread] ending in
            if let ending { return ending }
            let task = Task {
                mailbox.stop()
                await loopEnd.wait()
                // Does not block: the thread has nothing left to do but return.
                pthread_join(thread, nil)
            }
            ending = task
            return task
        }
        await joining.value
    }
}
