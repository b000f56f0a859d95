import CCurl
import Glibc
import MusterCore
import MusterRuntime

/// The loop of the client's thread, and the owner of all of libcurl's handles.
///
/// Each turn takes what is in the mailbox, gives libcurl whom their host has room for, lets it move bytes, hands
/// out answers and ends what is overdue; then it sleeps until a socket, a deadline or the mailbox has something. Not
/// `Sendable`: it is made and used on one thread only.
final class TransferLoop {
    let multi: MultiHandle
    private let mailbox: LoopMailbox
    private let configuration: HTTPClientConfiguration
    private let ledger: HostLedger
    private let log: Log

    private var lines: [String: HostLine] = [:]
    /// The hosts whose line may have somebody for libcurl.
    private var stirred: Set<String> = []
    /// Those that libcurl has, by the call, whose identity cannot be used again while its transfer holds it.
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    private var idleHandles: [EasyHandle] = []
    private var deadlines = DeadlineWatch()

    init(
        multi: MultiHandle, mailbox: LoopMailbox, configuration: HTTPClientConfiguration, ledger: HostLedger,
        log: Log
    ) {
        self.multi = multi
        self.mailbox = mailbox
        self.configuration = configuration
        self.ledger = ledger
        self.log = log
    }

    /// Runs until the mailbox says stop; then nothing is left open, and no call without an outcome.
    func run() {
        while takeCommands() {
            startWaiting()
            var running: Int32 = 0
            report(curl_multi_perform(multi.pointer, &running))
            handOutAnswers()
            endOverdue()
            startWaiting()
            let wait = deadlines.wait(from: .now, atMost: HTTPPolicy.idleWait)
            report(curl_multi_poll(multi.pointer, nil, 0, wait, nil))
        }
        for call in lines.values.flatMap(\.calls) { dismiss(call, call.shutDown) }
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
                    enqueue(call)
                }
            case .abandon(let call):
                if let transfer = transfers[ObjectIdentifier(call)] {
                    release(transfer, failure: call.cancelled)
                } else {
                    dismiss(call, call.cancelled)
                }
            }
        }
        return !isStopping
    }

    private func enqueue(_ call: Call) {
        // Cancelled before it began: its `abandon` may have come already, and would not come again.
        guard !call.isSettled else { return }
        let host = host(of: call)
        if lines[host] == nil, lines.count >= HTTPPolicy.hosts { lines = lines.filter { !$0.value.isEmpty } }
        lines[
            host,
            default: HostLine(connections: configuration.connectionsPerHost, isSecure: call.target.isSecure)
        ].append(call)
        stirred.insert(host)
        deadlines.add(call.deadline)
        ledger.count(host) { $0.waiting += 1 }
    }

    // What goes through a proxy in cleartext shares the connections to the proxy.
    private func host(of call: Call) -> String {
        configuration.proxy != nil && !call.target.isSecure ? "the proxy" : call.target.description
    }

    private func startWaiting() {
        while let host = stirred.popFirst() {
            while let call = lines[host]?.next() { begin(call, at: host) }
        }
    }

    private func begin(_ call: Call, at host: String) {
        ledger.count(host) { figures in
            figures.waiting -= 1
            figures.running += 1
        }
        do throws(Problem) {
            let handle = if let idle = idleHandles.popLast() { idle } else { try EasyHandle() }
            let transfer = try Transfer(call, on: handle, configuration) { [unowned self] in
                lines[host]?.connect()
                stirred.insert(host)
            }
            let code = curl_multi_add_handle(multi.pointer, handle.pointer)
            guard code == CURLM_OK else {
                throw Problem(.internalError, "libcurl: \(String(cString: curl_multi_strerror(code)))")
            }
            transfers[ObjectIdentifier(call)] = transfer
        } catch {
            lines[host]?.end(call, wasConnected: false, learned: nil)
            count(error, at: host)
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
            let code = muster_curl_message_result(message)
            end(transfer, transfer.outcome(code), learned: transfer.sharing(code))
        }
    }

    // libcurl's own timeout does not count while a transfer waits for a free connection.
    private func endOverdue() {
        let now = ContinuousClock.now
        guard deadlines.isDue(now) else { return }
        deadlines = DeadlineWatch()
        for call in lines.values.flatMap(\.calls) {
            if call.deadline <= now {
                dismiss(call, call.overdue(wasSent: false))
            } else {
                deadlines.add(call.deadline)
            }
        }
        for transfer in Array(transfers.values) {
            if transfer.call.deadline <= now {
                end(transfer, .failure(transfer.call.overdue(wasSent: transfer.wasSent)))
            } else {
                deadlines.add(transfer.call.deadline)
            }
        }
    }

    private func end(
        _ transfer: Transfer, _ outcome: Result<HTTPResponse, Problem>, learned: HostLine.Sharing? = nil
    ) {
        let failure: Problem? = if case .failure(let problem) = outcome { problem } else { nil }
        release(transfer, failure: failure, learned: learned)
        transfer.call.settle(outcome)
    }

    /// Takes a call out of its line.
    private func dismiss(_ call: Call, _ problem: Problem) {
        let host = host(of: call)
        guard lines[host]?.remove(call) == true else { return }
        ledger.count(host) { figures in
            figures.waiting -= 1
            figures.end(problem)
        }
        call.settle(.failure(problem))
    }

    /// Counts a call that ran as over.
    private func count(_ failure: Problem?, at host: String, connections: Int = 0) {
        ledger.count(host) { figures in
            figures.running -= 1
            figures.connections += connections
            figures.end(failure)
        }
    }

    /// Takes the transfer from libcurl, which then calls it back no more.
    private func release(_ transfer: Transfer, failure: Problem?, learned: HostLine.Sharing? = nil) {
        let host = host(of: transfer.call)
        lines[host]?.end(transfer.call, wasConnected: transfer.wasSent, learned: learned)
        stirred.insert(host)
        count(failure, at: host, connections: transfer.handle.number(CURLINFO_NUM_CONNECTS))
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
