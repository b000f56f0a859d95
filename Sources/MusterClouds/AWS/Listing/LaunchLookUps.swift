import MusterCore
import MusterRuntime

/// Looks launches up by their tag; those that are looked up at one moment in one region are one call.
actor LaunchLookUps {
    typealias Answer = Result<[EC2Instance], EC2Failure>

    private let configuration: AWSConfiguration
    private let calls: EC2Calls
    private let clock: any WallClock
    private var waiting: [String: [LaunchID: [CheckedContinuation<Answer, Never>]]] = [:]

    init(_ configuration: AWSConfiguration, _ calls: EC2Calls, clock: any WallClock) {
        self.configuration = configuration
        self.calls = calls
        self.clock = clock
    }

    /// The instances of this fleet that carry a launch's tag, those that are gone included.
    func instances(of launch: LaunchID, in region: String) async -> Answer {
        await withCheckedContinuation { continuation in
            let isFirst = waiting[region] == nil
            waiting[region, default: [:]][launch, default: []].append(continuation)
            guard isFirst else { return }
            Task {
                try? await clock.sleep(for: CloudPolicy.awsLookUpGathering)
                await answer(region)
            }
        }
    }

    private func answer(_ region: String) async {
        let asked = waiting.removeValue(forKey: region) ?? [:]
        let launches = asked.keys.sorted { $0.rawValue < $1.rawValue }
        for start in stride(from: 0, to: launches.count, by: CloudPolicy.mostLaunchesPerLookUp) {
            let part = launches[start..<min(start + CloudPolicy.mostLaunchesPerLookUp, launches.count)]
            let result = await find(Array(part), in: region)
            for launch in part {
                let answer = result.map { all in
                    all.filter { $0.tags[ResourceTags.launch] == launch.rawValue }
                }
                for continuation in asked[launch] ?? [] { continuation.resume(returning: answer) }
            }
        }
    }

    private func find(_ launches: [LaunchID], in region: String) async -> Answer {
        var form = QueryForm("DescribeInstances")
        form.filter(1, "tag:\(ResourceTags.launch)", launches.map(\.rawValue))
        do throws(EC2Failure) {
            let found = try await EC2Pages(calls: calls).instances(form, in: region)
            return .success(found.filter(configuration.owns))
        } catch {
            return .failure(error)
        }
    }
}
