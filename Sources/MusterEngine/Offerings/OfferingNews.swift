import MusterClouds
import MusterCore
import MusterStore

/// What the answer to a launch says of offerings: which are not to be had, and which are after all.
struct OfferingNews {
    private let launch: Launch
    private let obtained: [String?]
    private let marks: OfferingMarks
    private let provider: (any CloudProvider)?

    /// - Parameter provider: the launch's; nil when it is not enabled any more.
    init(
        _ launch: Launch, _ instances: [Instance], _ refusals: [LaunchRefusal],
        at provider: (any CloudProvider)?,
        now: Timestamp
    ) {
        self.launch = launch
        self.provider = provider
        obtained = instances.map(\.offering)
        var marks = OfferingMarks()
        for refusal in refusals {
            if let mark = OfferingMark(refusal.error, of: launch.providerID, at: now) { marks.add(mark) }
        }
        self.marks = marks
    }

    /// Writes it down, in the transaction that settles the launch. What was refused comes last: of a launch that
    /// gave some of what was asked for it is the later word.
    func write(in transaction: any WriteTransaction, at now: Timestamp) async throws {
        if !obtained.isEmpty, let provider { try await takeBack(provider, in: transaction, at: now) }
        try await transaction.save(marks.all)
        for mark in marks.all { try await transaction.publish(mark.event(launch, at: now)) }
    }

    private func takeBack(
        _ provider: any CloudProvider, in transaction: any WriteTransaction, at now: Timestamp
    ) async throws {
        let config = try await transaction.launchConfig(launch.launchConfigID, of: launch.poolID)
        let offerings = config.map { provider.offerings(of: $0.definition.content) } ?? []
        let names = Set(offerings.flatMap(\.names) + obtained.compactMap(\.self))
        let known = try await transaction.offeringMarks(of: launch.providerID, named: names, at: now)
        let disproved = Set(
            known.disproved(
                by: obtained, of: offerings, askedAt: launch.sentAt ?? launch.plannedAt, at: now))
        try await transaction.delete(known.all.filter { disproved.contains($0.name) })
    }
}

extension OfferingMark {
    /// The event that it was made, or made anew.
    fileprivate func event(_ launch: Launch, at now: Timestamp) -> Event {
        Event(
            .offeringUnavailable, subject: "offering/\(providerID)/\(name)", poolID: launch.poolID, time: now,
            data: .object([
                "providerId": .string(providerID.rawValue), "offering": .string(name),
                "error": .string(cause.rawValue), "cloudCode": .string(cloudCode),
                "message": .string(message), "until": .string(until.description),
                "workerPoolId": .string(launch.poolID.rawValue),
                "launchConfigId": .string(launch.launchConfigID.rawValue),
                "launchId": .string(launch.id.rawValue),
            ]))
    }
}
