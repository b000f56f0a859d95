import MusterCore

extension AzureMachineLook {
    /// What is known of one machine of a launch.
    enum Finding: Sendable {
        case instance(Instance)
        case refused(CloudError)
        /// It failed, and something of it is still there. Told all the same: one that waits for its end no longer
        /// must know why there is no machine.
        case failing(CloudError)
        /// Nothing is known yet.
        case underWay
        /// There is none; all that may be known is why nobody heard of its call.
        case missing(CloudError?)

        /// What was found of a launch.
        static func sum(_ findings: [Finding]) -> LaunchFinding {
            var sum = LaunchFinding(instances: [])
            var errors: [CloudError] = []
            var losses: [CloudError] = []
            for finding in findings {
                switch finding {
                case .instance(let instance): sum.instances.append(instance)
                case .refused(let error): errors.append(error)
                case .failing(let error):
                    errors.append(error)
                    sum.isUnderWay = true
                case .underWay: sum.isUnderWay = true
                case .missing(let loss): losses += [loss].compactMap(\.self)
                }
            }
            // Where anything came of it nothing is sent again: that its call was lost is the reason then.
            if !sum.isUnderWay, !(sum.instances.isEmpty && errors.isEmpty) { errors += losses }
            sum.refusals = LaunchRefusal.counted(errors)
            return sum
        }
    }
}

extension LaunchRefusal {
    /// Errors of one instance each, equal ones together, the most frequent first.
    static func counted(_ errors: [CloudError]) -> [LaunchRefusal] {
        errors.reduce(into: [CloudError: Int]()) { $0[$1, default: 0] += 1 }
            .map { LaunchRefusal(count: $0.value, error: $0.key) }
            .sorted { ($0.count, $0.error.cloudCode) > ($1.count, $1.error.cloudCode) }
    }
}
