import CCurl
import Glibc
import MusterCore
import MusterRuntime

/// The loop of the client's thread, and the owner of all of libcurl's handles.
///
/// Each turn takes what is in the mailbox, lets libcurl move bytes, hands out answers and ends what is
/// overdue; then it sleeps until a socket, a deadline or the mailbox has something. Not `Sendable`: it is
/// made and used on one thread only.
final class TransferLoop {
    let multi: MultiHandle
    private let mailbox: LoopMailbox
    private let configuration: HTTPClientConfiguration
    private let log: Log

    /// By the call, whose identity cannot be used again while its transfer holds it.
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    private var idleHandles: [EasyHandle] = []
    private var deadlines = DeadlineWatch()

    init(multi: MultiHandle, mailbox: LoopMailbox, configuration: HTTPClientConfiguration, log: Log) {
        self.multi = multi
        self.mailbox = mailbox
        self.configuration = configuration
        self.log = log
    }

    /// Runs until the mailbox says stop; then nothing is left open, and no call without an outcome.
    func run() {
        while takeCommands() {
            var running: Int32 = 0
            report(curl_multi_perform(multi.pointer, &running))
            handOutAnswers()
            endOverdue()
            let wait = deadlines.wait(from: .now, atMost: HTTPPolicy.idleWait)
            report(curl_multi_poll(multi.pointer, nil, 0, wait, nil))
        }
        for transfer in Array(transfers.values) {
            end(transfer, .failure(transfer.call.shutDown))
        }
        idleHandles = []
        mailbox.forgetLoop()
        multi.close()
    }

    private func takeCommands() -> Bool {
        let (commands, isStopping) = mailbox.drain()
        for command in commands {
            switch command {
            case .start(let call):
                if isStopping {
                    call.settle(.failure(call.shutDown))
                } else {
                    begin(call)
                }
            case .abandon(let call):
                if let transfer = transfers[ObjectIdentifier(call)] { release(transfer) }
            }
        }
        return !isStopping
    }

    private func begin(_ call: Call) {
        // Cancelled before it began: its `abandon` may have come already, and would not come again.
        guard !call.isSettled else { return }
        do throws(Problem) {
            let handle = if let idle = idleHandles.popLast() { idle } else { try EasyHandle() }
            let transfer = try Transfer(call, on: handle, configuration)
            let code = curl_multi_add_handle(multi.pointer, handle.pointer)
            guard code == CURLM_OK else {
                throw Problem(.internalError, "libcurl: \(String(cString: curl_multi_strerror(code)))")
            }
            transfers[ObjectIdentifier(call)] = transfer
            deadlines.add(call.deadline)
        } catch {
            call.settle(.failure(error))
        }
    }

    private func handOutAnswers() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.pointer, &left) {
            // The message is gone once its handle is taken out, so it is read first.
            guard message.pointee.msg == CURLMSG_DONE, let pointer = message.pointee.easy_handle,
                let transfer = Transfer.of(pointer)
            else { continue }
            end(transfer, transfer.outcome(muster_curl_message_result(message)))
        }
    }

    // libcurl's own timeout does not count while a transfer waits for a free connection.
    private func endOverdue() {
        let now = ContinuousClock.now
        guard deadlines.isDue(now) else { return }
        deadlines = DeadlineWatch()
        for transfer in Array(transfers.values) {
            if transfer.call.deadline <= now {
                end(transfer, .failure(transfer.call.overdue))
            } else {
                deadlines.add(transfer.call.deadline)
            }
        }
    }

    private func end(_ transfer: Transfer, _ outcome: Result<HTTPResponse, Problem>) {
        release(transfer)
        transfer.call.settle(outcome)
    }

    /// Takes the transfer from libcurl, which then calls it back no more.
    private func release(_ transfer: Transfer) {
        report(curl_multi_remove_handle(multi.pointer, transfer.handle.pointer))
        transfer.handle.reset()
        transfers[ObjectIdentifier(transfer.call)] = nil
        if idleHandles.count < HTTPPolicy.idleHandles { idleHandles.append(transfer.handle) }
    }

    private func report(_ code: CURLMcode) {
        guard code != CURLM_OK else { return }
        log.error("libcurl's loop failed", ["reason": String(cString: curl_multi_strerror(code))])
        usleep(UInt32(HTTPPolicy.pauseAfterFault / .microseconds(1)))
    }
}
