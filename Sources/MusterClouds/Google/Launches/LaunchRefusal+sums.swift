import MusterCore

extension LaunchRefusal {
    /// Errors of one instance each, equal ones together.
    static func gathered(_ errors: [CloudError]) -> [LaunchRefusal] {
        var refusals: [LaunchRefusal] = []
        for error in errors {
            if let index = refusals.firstIndex(where: { $0.error == error }) {
                refusals[index].count += 1
            } else {
                refusals.append(LaunchRefusal(count: 1, error: error))
            }
        }
        return refusals
    }

    /// So many instances that were refused for these errors together: each error gets one at least, as long as
    /// there are enough, so that all that is not to be had is known.
    static func spread(_ errors: [CloudError], over count: Int) -> [LaunchRefusal] {
        guard count > 0 else { return [] }
        var kept: [CloudError] = []
        for error in errors where !kept.contains(error) && kept.count < count { kept.append(error) }
        guard !kept.isEmpty else {
            let error = CloudError(
                .unknown, cloudCode: "missing", message: "Google made fewer instances and gave no reason")
            return [LaunchRefusal(count: count, error: error)]
        }
        let (each, more) = count.quotientAndRemainder(dividingBy: kept.count)
        return kept.enumerated().map { LaunchRefusal(count: each + ($0 < more ? 1 : 0), error: $1) }
    }
}
