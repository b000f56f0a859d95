import MusterCore

/// What a launch's operations and instances come to together.
struct GoogleOutcome {
    let launch: GoogleLaunch
    /// Those that carry the launch's label, by name.
    let instances: [String: GoogleInstance]
    private let window: Duration

    init(launch: GoogleLaunch, instances: [GoogleInstance], window: Duration) {
        self.launch = launch
        self.instances = Dictionary(instances.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.window = window
    }

    /// Of a launch that was one call for each instance.
    ///
    /// - Parameters:
    ///   - operations: by request id.
    ///   - refused: what this process was told of calls that were refused, by index.
    func finding(each operations: [String: GoogleOperation], refused: [Int: CloudError]) -> LaunchFinding {
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
            case .unknown: if let error = refused[index] { errors.append(error) }
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
        guard let operation else { return LaunchFinding(instances: listed) }
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
        if !finding.isUnderWay {
            let shared = operation.faults.flatMap(launch.place(window: window).errors)
            finding.refusals += LaunchRefusal.spread(shared, over: missing)
        }
        return finding
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
