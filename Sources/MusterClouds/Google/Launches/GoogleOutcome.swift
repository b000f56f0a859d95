import MusterCore

/// What a launch's operations and instances come to together.
struct GoogleOutcome {
    let launch: GoogleLaunch
    /// Those that carry the launch's label, by name.
    let instances: [String: GoogleInstance]
    /// Zones of which it is not known what is there, or what became of what was to be.
    private let unread: Set<String>
    private let window: Duration

    init(launch: GoogleLaunch, instances: [GoogleInstance], unread: Set<String> = [], window: Duration) {
        self.launch = launch
        self.instances = Dictionary(instances.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.unread = unread.subtracting(launch.excludedZones)
        self.window = window
    }

    /// Of a launch that was one call for each instance.
    ///
    /// - Parameters:
    ///   - operations: by request id.
    ///   - failures: what this process knows of calls that came to nothing, by index.
    func finding(
        each operations: [String: GoogleOperation], failures: [Int: InsertionFailure]
    ) -> LaunchFinding {
        var finding = LaunchFinding(instances: [])
        var errors: [CloudError] = []
        for (index, name) in launch.names.enumerated() {
            let operation = operations[GoogleRequestID.make(launch.id, index: index)]
            switch Part(operation, instances[name], name, of: launch.id) {
            case .came(let instance): finding.instances.append(instance)
            case .underWay(let instance):
                finding.isUnderWay = true
                if let instance { finding.instances.append(instance) }
            case .failed(let fault): errors.append(error(fault, operation, number: index))
            case .unknown:
                guard let failure = failures[index] else { continue }
                if failure.isCertain { errors.append(failure.error) } else { finding.isUnderWay = true }
            }
        }
        finding.refusals = LaunchRefusal.gathered(errors)
        return finding
    }

    /// Of a launch that was one call for all.
    ///
    /// - Parameters:
    ///   - operation: the call's; nil when Google knows of none.
    ///   - parts: the insertions that it was made of, where they had to be looked at.
    func finding(all operation: GoogleOperation?, parts: [GoogleOperation]) -> LaunchFinding {
        let listed = instances.values.map(\.instance).sorted { $0.id < $1.id }
        guard let operation else {
            return LaunchFinding(
                instances: listed, isUnderWay: listed.count < launch.count && !unread.isEmpty)
        }
        guard operation.isDone else { return LaunchFinding(instances: listed, isUnderWay: true) }
        var finding = LaunchFinding(instances: [])
        var errors: [CloudError] = []
        // Of two insertions of one name the one that made it counts.
        var byName: [String: GoogleOperation] = [:]
        for part in parts {
            guard let name = part.instanceName else { continue }
            if byName[name].map({ $0.faults.isEmpty }) != true { byName[name] = part }
        }
        for name in Set(instances.keys).union(byName.keys).sorted() {
            switch Part(byName[name], instances[name], name, of: launch.id) {
            case .came(let instance): finding.instances.append(instance)
            case .underWay(let instance):
                finding.isUnderWay = true
                if let instance { finding.instances.append(instance) }
            case .failed(let fault): errors.append(error(fault, byName[name], number: errors.count))
            case .unknown: break
            }
        }
        let missing = launch.count - finding.instances.count - errors.count
        finding.refusals = LaunchRefusal.gathered(errors)
        // What is missing may be where nobody could look: it is looked for again.
        if missing > 0, unread.contains(where: { hides($0, something: operation) }) {
            finding.isUnderWay = true
        }
        if !finding.isUnderWay {
            let shared = operation.faults.flatMap(launch.place(window: window).errors)
            finding.refusals += LaunchRefusal.spread(shared, over: missing)
        }
        return finding
    }

    /// Whether a zone that was not read may have an instance, or know a reason, that nobody else tells of.
    private func hides(_ zone: String, something operation: GoogleOperation) -> Bool {
        // Without a word of where it was at work it may have been anywhere.
        guard !operation.locations.isEmpty else { return true }
        guard let there = operation.locations[zone] else { return false }
        let seen = instances.values.count { $0.zoneName == zone }
        return (there.createdVmCount ?? there.targetVmCount ?? 0) > seen
            || ((there.failedToCreateVmCount ?? 0) > 0 && operation.faults.isEmpty)
    }

    /// What became of one instance.
    private enum Part {
        case came(Instance)
        case underWay(Instance?)
        case failed(GoogleFault)
        /// There is neither an instance nor an operation: it was not asked for, or so long ago that Google forgot.
        case unknown

        init(
            _ operation: GoogleOperation?, _ listed: GoogleInstance?, _ name: String, of launch: LaunchID
        ) {
            guard let operation else {
                self = listed.map { .came($0.instance) } ?? .unknown
                return
            }
            // An instance may be listed while it is made and come to nothing all the same.
            guard operation.isDone else {
                self = .underWay(listed?.instance)
                return
            }
            if let fault = operation.faults.first, GoogleErrorTable.meaning(fault) != .exists {
                self = .failed(fault)
            } else if let listed {
                self = .came(listed.instance)
            } else if operation.faults.isEmpty, let number = operation.targetId,
                let zone = operation.zoneName,
                WorkerID.accepts(number), WorkerGroup.accepts(zone)
            {
                self = .came(Self.gone(name, number: number, zone: zone, of: launch))
            } else {
                self = .unknown
            }
        }

        /// One that was made and is not there any more.
        private static func gone(
            _ name: String, number: String, zone: String, of launch: LaunchID
        ) -> Instance {
            Instance(
                id: "\(zone)/\(name)", launchID: launch, group: WorkerGroup(rawValue: zone),
                workerID: WorkerID(rawValue: number), state: .gone, detail: "it was made and is gone")
        }
    }

    /// The error of one instance. Where it may be of several offerings, one instance after the other names the
    /// next of them.
    private func error(_ fault: GoogleFault, _ operation: GoogleOperation?, number: Int) -> CloudError {
        let errors = launch.place(zone: operation?.zoneName, window: window).errors(fault)
        return errors[number % errors.count]
    }
}
