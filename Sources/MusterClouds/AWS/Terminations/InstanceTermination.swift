import MusterCore

/// Ends instances, in as few calls as EC2 allows.
///
/// EC2 refuses a whole call for one instance in it: what it names is taken out, and where it names nothing, the call
/// is halved until it is found, or until that has taken too many calls.
struct InstanceTermination: Sendable {
    let calls: EC2Calls

    /// Ends instances of one region, named without it; the errors by instance.
    func terminate(_ ids: [String], in region: String) async -> [String: CloudError] {
        var errors: [String: CloudError] = [:]
        for start in stride(from: 0, to: ids.count, by: CloudPolicy.mostTerminationsPerCall) {
            let batch = Array(ids[start..<min(start + CloudPolicy.mostTerminationsPerCall, ids.count)])
            var search = Search()
            await end(batch, in: region, &search)
            errors.merge(search.errors) { first, _ in first }
        }
        return errors
    }

    /// How the calls for one batch have gone.
    private struct Search {
        var errors: [String: CloudError] = [:]
        var callsLeft = CloudPolicy.mostCallsPerTermination

        mutating func fail(_ ids: [String], _ error: CloudError) {
            for id in ids { errors[id] = error }
        }
    }

    private func end(_ ids: [String], in region: String, _ search: inout Search) async {
        var left = ids
        while !left.isEmpty {
            search.callsLeft -= 1
            guard let failure = await ask(for: left, in: region) else { return }
            let error = failure.error()
            // Only what is wrong with an instance ends when it is taken out.
            guard Self.isAboutInstances(error), search.callsLeft > 0 else { return search.fail(left, error) }
            let named = Self.named(left, in: failure.message)
            if !named.isEmpty {
                if error.kind != .notFound { search.fail(Array(named), error) }
                left.removeAll(where: named.contains)
            } else if left.count == 1 {
                if error.kind != .notFound { search.fail(left, error) }
                return
            } else {
                let half = left.count / 2
                await end(Array(left[..<half]), in: region, &search)
                guard search.callsLeft > 0 else { return search.fail(Array(left[half...]), error) }
                left.removeFirst(half)
            }
        }
    }

    private func ask(for ids: [String], in region: String) async -> EC2Failure? {
        var form = QueryForm("TerminateInstances")
        form.set("InstanceId", ids)
        do throws(EC2Failure) {
            _ = try await calls.send(form, in: region, about: ids.count)
            return nil
        } catch {
            return error
        }
    }

    private static func isAboutInstances(_ error: CloudError) -> Bool {
        switch error.kind {
        // What names no code comes from somebody on the way, who knows nothing of instances.
        case .unknown: !error.cloudCode.hasPrefix("status-")
        case .notFound, .invalidConfig: true
        case .capacity, .quota, .throttled, .auth, .network, .transient: false
        }
    }

    /// The ids among these that a message names: whole words, so that none is taken for another's beginning.
    private static func named(_ ids: [String], in message: String) -> Set<String> {
        let words = message.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
        return Set(words).intersection(ids)
    }
}
