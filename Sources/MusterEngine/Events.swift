import MusterCore

extension Launch {
    /// An event of this launch.
    func event(_ type: EventType, at now: Timestamp, error: CloudError? = nil) -> Event {
        Event(
            type, subject: "launch/\(id)", poolID: poolID, time: now,
            data: .object([
                "launchId": .string(id.rawValue), "workerPoolId": .string(poolID.rawValue),
                "launchConfigId": .string(launchConfigID.rawValue),
                "providerId": .string(providerID.rawValue),
                "instances": .integer(count), "obtained": .integer(obtained),
                "state": .string(state.rawValue),
                "error": (error ?? self.error).map { .string($0.label) },
                "message": (error ?? self.error).map { .string($0.message) },
            ]))
    }
}

extension Worker {
    /// An event of this worker.
    func event(_ type: EventType, at now: Timestamp) -> Event {
        Event(
            type, subject: "worker/\(key)", poolID: key.poolID, time: now,
            data: .object([
                "workerPoolId": .string(key.poolID.rawValue), "workerGroup": .string(key.group.rawValue),
                "workerId": .string(key.id.rawValue), "launchConfigId": .string(launchConfigID.rawValue),
                "launchId": .string(launchID.rawValue), "providerId": .string(providerID.rawValue),
                "capacity": .integer(capacity), "state": .string(state.rawValue),
                "reason": (stopReason ?? drain).map(Document.string),
            ]))
    }
}

extension Pool {
    /// An event of this pool.
    func event(_ type: EventType, at now: Timestamp, reason: String? = nil) -> Event {
        Event(
            type, subject: "pool/\(id)", poolID: id, time: now,
            data: .object([
                "workerPoolId": .string(id.rawValue), "providerId": .string(definition.providerID.rawValue),
                "reason": reason.map(Document.string),
            ]))
    }
}

extension LaunchConfig {
    /// An event of this launch config.
    func event(
        _ type: EventType, provider: ProviderID, at now: Timestamp, reason: String? = nil,
        output: String? = nil
    ) -> Event {
        Event(
            type, subject: "launch-config/\(poolID)/\(id)", poolID: poolID, time: now,
            data: .object([
                "workerPoolId": .string(poolID.rawValue), "launchConfigId": .string(id.rawValue),
                "providerId": .string(provider.rawValue), "reason": reason.map(Document.string),
                "output": output.map(Document.string),
            ]))
    }
}
