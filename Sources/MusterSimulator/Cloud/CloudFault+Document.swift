import MusterCore

extension CloudFault {
    /// The kinds by name.
    enum Word: String, CaseIterable {
        case outage, errors, quota, throttling
        case badImage = "bad-image"
        case interruptions
        case stuckDeletions = "stuck-deletions"
        case slowBoots = "slow-boots"
        case staleCounts = "stale-counts"
    }

    /// Reads the elements of a list of faults; problems go to `reader`.
    ///
    /// - Parameter configs: the names of the pool's launch configs, by which faults name theirs.
    static func read(_ reader: DocumentReader, _ name: String, configs: [LaunchConfigID]) -> [CloudFault] {
        (reader.list(name, limit: 1_000) ?? []).compactMap { element in
            let fault = reader.element(element)
            defer { fault.refuseUnknown() }
            let from = fault.moment("from") ?? .share(0)
            let until = fault.moment("until") ?? .share(.infinity)
            let concerned = fault.places("launchConfigs", among: configs)
            guard let word = fault.choice("kind", Word.self) else {
                if !fault.has("kind") { fault.refuse("kind", "is missing") }
                return nil
            }
            return kind(word, fault).map { CloudFault($0, configs: concerned, from: from, until: until) }
        }
    }

    private static func kind(_ word: Word, _ fault: DocumentReader) -> Kind? {
        let year = 366.0 * 86_400
        func needed<Value>(_ name: String, _ value: Value?) -> Value? {
            if value == nil, !fault.has(name) { fault.refuse(name, "is missing") }
            return value
        }
        switch word {
        case .outage: return .outage
        case .errors: return needed("ratio", fault.number("ratio", 0...1)).map { .errors(ratio: $0) }
        case .quota:
            return needed("instances", fault.integer("instances", 0...1_000_000)).map {
                .quota(instances: $0)
            }
        case .throttling:
            return .throttling(retryAfter: fault.seconds("retryAfter", 0...year) ?? .zero)
        case .badImage: return .badImage
        case .interruptions:
            let notice = fault.seconds("notice", 0...year) ?? SimulatorPolicy.spotNotice
            return needed("perHour", fault.number("perHour", 0...3_600)).map {
                .interruptions(perHour: $0, notice: notice)
            }
        case .stuckDeletions:
            return needed("time", fault.seconds("time", 0...year)).map { .stuckDeletions($0) }
        case .slowBoots:
            return needed("factor", fault.number("factor", 0...1_000)).map { .slowBoots(factor: $0) }
        case .staleCounts: return .staleCounts
        }
    }
}

extension DocumentReader {
    /// A moment of a workload: seconds from the first arrival, or a part of the span such as "25%".
    fileprivate func moment(_ name: String) -> CloudFault.Moment? {
        guard let found = document(name) else { return nil }
        guard case .string(let text) = found.value else {
            return seconds(name, 0...3_155_760_000).map { .time($0) }
        }
        guard text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...1_000).contains(percent) else {
            refuse(name, #"must be a number of seconds, or a part of the span such as "25%""#)
            return nil
        }
        return .share(percent / 100)
    }

    /// The places of launch configs that are named.
    fileprivate func places(_ name: String, among configs: [LaunchConfigID]) -> Set<Int>? {
        guard let names = strings(name) else { return nil }
        var places: Set<Int> = []
        for (index, config) in names.enumerated() {
            guard let place = configs.firstIndex(where: { $0.rawValue == config }) else {
                let near = Spelling.nearest(to: config, among: configs.map(\.rawValue))
                refuse(
                    "\(name)[\(index)]",
                    "there is no launch config \(JSONText.quoted(String(config.prefix(80))))"
                        + (near.map { "; did you mean \($0)?" } ?? ""))
                continue
            }
            places.insert(place)
        }
        return places
    }
}
