import MusterCore

/// Signals as they travel between processes: a letter each, and for a pool's or a limit's its name behind its length.
enum SignalMessage {
    /// The messages that say it, each of at most `limit` bytes.
    static func encode(_ signals: Set<StoreSignal>, limit: Int = StorePolicy.postgresMessage) -> [String] {
        var messages: [String] = []
        var message = ""
        for word in signals.map(word).sorted() {
            if !message.isEmpty, message.utf8.count + word.utf8.count > limit {
                messages.append(message)
                message = ""
            }
            message += word
        }
        return message.isEmpty ? messages : messages + [message]
    }

    /// What a message says; `everything` for one that a newer version may have sent.
    static func decode(_ message: String) -> Set<StoreSignal> {
        var signals: Set<StoreSignal> = []
        var rest = message.utf8[...]
        while let letter = rest.popFirst() {
            guard let signal = signal(letter, &rest) else { return [.everything] }
            signals.insert(signal)
        }
        return signals
    }

    private static func word(_ signal: StoreSignal) -> String {
        switch signal {
        case .pool(let pool): "p\(pool.rawValue.utf8.count):\(pool)"
        case .queue(let pool): "q\(pool.rawValue.utf8.count):\(pool)"
        case .limit(let limit): "l\(limit.rawValue.utf8.count):\(limit)"
        case .deadlines: "d"
        case .workers: "w"
        case .outbox: "o"
        case .everything: "e"
        }
    }

    private static func signal(_ letter: UInt8, _ rest: inout Substring.UTF8View) -> StoreSignal? {
        switch letter {
        case UInt8(ascii: "p"): name(&rest).map { .pool(PoolID(rawValue: $0)) }
        case UInt8(ascii: "q"): name(&rest).map { .queue(PoolID(rawValue: $0)) }
        case UInt8(ascii: "l"): name(&rest).map { .limit(LimitID(rawValue: $0)) }
        case UInt8(ascii: "d"): .deadlines
        case UInt8(ascii: "w"): .workers
        case UInt8(ascii: "o"): .outbox
        case UInt8(ascii: "e"): .everything
        default: nil
        }
    }

    private static func name(_ rest: inout Substring.UTF8View) -> String? {
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
            let count = Int(String(decoding: rest[..<colon], as: UTF8.self)), count >= 0
        else { return nil }
        rest = rest[rest.index(after: colon)...]
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return String(decoding: rest.prefix(count), as: UTF8.self)
    }
}
