import MusterCore

/// Ends instances, in as few calls as EC2 allows.
///
/// EC2 refuses a whole call for one instance in it: what it names is taken out, and where it names nothing, the call
/// is halved until it is found.
struct InstanceTermination: Sendable {
    let calls: EC2Calls

    /// Ends instances of one region, named without it; the errors by instance.
    func terminate(_ ids: [String], in region: String) async -> [String: CloudError] {
        var errors: [String: CloudError] = [:]
        for start in stride(from: 0, to: ids.count, by: CloudPolicy.mostTerminationsPerCall) {
            let batch = Array(ids[start..<min(start + CloudPolicy.mostTerminationsPerCall, ids.count)])
            await end(batch, in: region, errors: &errors)
        }
        return errors
    }

    private func end(_ ids: [String], in region: String, errors: inout [String: CloudError]) async {
        var left = ids
        while !left.isEmpty {
            var form = QueryForm("TerminateInstances")
            form.set("InstanceId", left)
            let failure: EC2Failure
            do throws(EC2Failure) {
                _ = try await calls.send(form, in: region)
                return
            } catch {
                failure = error
            }
            let error = failure.error()
            // Only what is wrong with an instance ends when it is taken out.
            guard Self.isAboutInstances(error) else {
                for id in left { errors[id] = error }
                return
            }
            let named = Self.named(left, in: failure.message)
            if !named.isEmpty {
                if error.kind != .notFound { for id in named { errors[id] = error } }
                left.removeAll(where: named.contains)
            } else if left.count == 1 {
                if error.kind != .notFound { errors[left[0]] = error }
                return
            } else {
                let half = left.count / 2
                await end(Array(left[..<half]), in: region, errors: &errors)
                await end(Array(left[half...]), in: region, errors: &errors)
                return
            }
        }
    }

    private static func isAboutInstances(_ error: CloudError) -> Bool {
        switch error.kind {
        case .notFound, .invalidConfig, .unknown: true
        case .capacity, .quota, .throttled, .auth, .network, .transient: false
        }
    }

    /// The ids among these that a message names: whole words, so that none is taken for another's beginning.
    private static func named(_ ids: [String], in message: String) -> Set<String> {
        let words = message.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
        return Set(words).intersection(ids)
    }
}
