import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

extension Reconciler {
    /// Does what a provider's word of an instance asks for: one that is impaired is ended, so that another takes its
    /// place, and one that will be halted finishes what it has and takes no more.
    func heed(_ notices: [InstanceNotice], of worker: Worker, _ lease: Lease) async throws {
        guard worker.state == .requested || worker.state == .running else { return }
        for notice in notices.sorted(by: { $0.detail < $1.detail }) {
            switch notice.kind {
            case .impaired: try await retire(worker.key, for: notice, lease)
            case .maintenance where worker.drain == nil:
                try await drain(worker.key, because: "maintenance: \(notice.detail)", lease)
            case .maintenance: continue
            }
        }
    }

    private func retire(_ key: WorkerKey, for notice: InstanceNotice, _ lease: Lease) async throws {
        let now = context.clock.now()
        try await write(of: key.poolID, under: lease, reaching: { _ in .workerNoted }) { transaction in
            guard let old = try await transaction.worker(key) else { return }
            var worker = old
            guard case .became(let type) = worker.retire(because: "impaired: \(notice.detail)", at: now)
            else { return }
            try await transaction.save(worker, was: old, lookAt: now)
            try await transaction.publish(worker.event(type, at: now))
            guard old.state == .requested, let error = notice.error else { return }
            try await transaction.refuse(worker, because: error, at: now)
        }
    }

    private func drain(_ key: WorkerKey, because reason: String, _ lease: Lease) async throws {
        let now = context.clock.now()
        try await write(of: key.poolID, under: lease, reaching: { _ in .workerNoted }) { transaction in
            guard let worker = try await transaction.worker(key) else { return }
            _ = try await transaction.drain(worker, because: reason, at: now)
        }
    }
}

extension WriteTransaction {
    /// Counts and reports what a provider refused after it had seemed to give it.
    fileprivate func refuse(_ worker: Worker, because error: CloudError, at now: Timestamp) async throws {
        guard let launch = try await launch(worker.launchID) else { return }
        let refusals = [LaunchRefusal(count: 1, error: error)]
        try await record(refusals, of: launch, as: worker.key.id.rawValue, at: now)
        try await OfferingNews(launch, [], refusals, at: nil, now: now).write(in: self, at: now)
    }
}
