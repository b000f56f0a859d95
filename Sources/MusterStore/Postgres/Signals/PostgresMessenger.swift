import CLinux
import CPostgres
import Glibc
import MusterCore
import MusterRuntime

/// Carries signals between the processes of one store by LISTEN and NOTIFY, on a connection of its own.
///
/// What is to be told within some milliseconds goes out as one notification. Whenever notifications may have
/// been missed, everybody here is told that everything may have changed.
actor PostgresMessenger {
    private struct Mailbox {
        var signals: Set<StoreSignal> = []
        var isClosed = false
    }

    private let executor = QueueExecutor(label: "muster.store.messenger")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let connector: PostgresConnector
    /// The channel on which the processes of this store speak.
    nonisolated let channel: String
    private let heard: @Sendable (Set<StoreSignal>) -> Void
    private let mailbox = Locked(Mailbox())
    private let bell: OwnedDescriptor
    private var connection: PostgresConnection?

    /// - Parameter heard: gets what other processes say.
    init(
        _ connector: PostgresConnector, schema: String, heard: @escaping @Sendable (Set<StoreSignal>) -> Void
    ) throws(Problem) {
        self.connector = connector
        self.heard = heard
        let key = UInt64(bitPattern: PostgresLocks.key(schema, "channel", ""))
        channel = "muster_" + String(key, radix: 36)
        let number = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard number >= 0 else { throw SystemError(errno, "make a descriptor for events").problem }
        bell = OwnedDescriptor(number)
    }

    /// Begins to listen: what is said after this is heard.
    func listen() throws(PostgresFailure) {
        let connection = try connector.open()
        try connection.ask([PostgresCommand("LISTEN \(channel)")])
        self.connection = connection
    }

    /// Tells the others, soon.
    nonisolated func tell(_ signals: Set<StoreSignal>) {
        mailbox.withLock { $0.signals.formUnion(signals) }
        ring()
    }

    /// Tells what is left, and lets `run` end.
    nonisolated func close() {
        mailbox.withLock { $0.isClosed = true }
        ring()
    }

    /// Listens and tells until it is closed, through every loss of the connection.
    func run() {
        var attempt = 0
        while true {
            do throws(PostgresFailure) {
                if connection == nil {
                    try listen()
                    heard([.everything])
                }
                attempt = 0
                if let connection { try serve(connection) }
                connection = nil
                return
            } catch {
                connection = nil
            }
            if mailbox.withLock({ $0.isClosed }) { return }
            attempt += 1
            _ = PostgresWait(connector.clock, within: connector.restTime(before: attempt)).wait(
                for: bell.number, reading: true, writing: false)
        }
    }

    private func serve(_ connection: PostgresConnection) throws(PostgresFailure) {
        let clock = connector.clock
        var toldAt = clock.uptime() - StorePolicy.postgresTellGap
        var provenAt = clock.uptime()
        while true {
            hear(connection)
            let (hasMore, isClosed) = mailbox.withLock { (!$0.signals.isEmpty, $0.isClosed) }
            let now = clock.uptime()
            if hasMore, isClosed || now >= toldAt + StorePolicy.postgresTellGap {
                try tell(on: connection)
                toldAt = clock.uptime()
                provenAt = toldAt
                continue
            }
            if isClosed { return }
            if now >= provenAt + StorePolicy.postgresHeartbeat {
                try connection.ask([PostgresCommand("SELECT 1")], within: StorePolicy.postgresHeartbeat)
                provenAt = clock.uptime()
                continue
            }
            let due =
                hasMore ? toldAt + StorePolicy.postgresTellGap : provenAt + StorePolicy.postgresHeartbeat
            // While something waits for its time, the bell has nothing to add.
            _ = PostgresWait(clock, within: due - now).wait(
                for: PQsocket(connection.handle), reading: true, writing: false,
                or: hasMore ? nil : bell.number)
            silence()
            guard PQconsumeInput(connection.handle) == 1, PQstatus(connection.handle) == CONNECTION_OK else {
                throw PostgresFailure(.lost, connection.lastWords)
            }
        }
    }

    private func hear(_ connection: PostgresConnection) {
        var signals: Set<StoreSignal> = []
        while let note = PQnotifies(connection.handle) {
            defer { PQfreemem(note) }
            // What this process said, it has told its own already.
            guard note.pointee.be_pid != PQbackendPID(connection.handle), let extra = note.pointee.extra
            else {
                continue
            }
            signals.formUnion(SignalMessage.decode(PostgresText.text(extra)))
        }
        if !signals.isEmpty { heard(signals) }
    }

    private func tell(on connection: PostgresConnection) throws(PostgresFailure) {
        let signals = mailbox.withLock { mailbox in
            defer { mailbox.signals = [] }
            return mailbox.signals
        }
        do throws(PostgresFailure) {
            try connection.ask(
                SignalMessage.encode(signals).map {
                    PostgresCommand("SELECT pg_notify($1, $2)", [channel, $0])
                }, within: StorePolicy.postgresHeartbeat)
        } catch {
            // Twice does no harm.
            mailbox.withLock { $0.signals.formUnion(signals) }
            throw error
        }
    }

    private nonisolated func ring() {
        var one: UInt64 = 1
        _ = write(bell.number, &one, MemoryLayout<UInt64>.size)
    }

    private func silence() {
        var count: UInt64 = 0
        _ = read(bell.number, &count, MemoryLayout<UInt64>.size)
    }
}
