import MusterCore
import MusterRuntime

/// A fake EC2 in a chaos run: two regions, launched by CreateFleet and by RunInstances.
struct EC2Chaos: ChaosCloud {
    let name = "aws"
    let environment = FakeEC2.environment
    private let cloud: FakeEC2
    private let strangers = Locked<[String]>([])

    init(seed: UInt64) throws {
        cloud = try FakeEC2(seed: seed)
        cloud.set(listingDelay: .milliseconds(500), bootTime: .seconds(1))
        for (subnet, zone) in [
            ("subnet-a", "us-east-1a"), ("subnet-b", "us-east-1b"), ("subnet-c", "eu-west-1a"),
        ] {
            cloud.add(subnet: subnet, zone: zone)
        }
    }

    func settings(folder: String) -> String {
        "  aws: {kind: aws, regions: [us-east-1, eu-west-1], endpoints: {ec2: '\(cloud.url)', sts: '\(cloud.url)'}}"
    }

    let launchConfigs = """
        [{"workerManager": {"launchConfigId": "fleet"}, "region": "us-east-1", "fleet": {
        "instanceTypes": ["c5.large", "m5.large"], "market": "spot-then-on-demand",
        "subnets": [{"id": "subnet-a", "zone": "us-east-1a"}, {"id": "subnet-b", "zone": "us-east-1b"}],
        "template": {"ImageId": "ami-00000001"}}},
        {"workerManager": {"launchConfigId": "run"}, "region": "eu-west-1", "launchConfig": {
        "ImageId": "ami-00000002", "InstanceType": "m5.large", "SubnetId": "subnet-c"}}]
        """

    func misbehave() {
        cloud.set(
            FakeEC2Chances(
                noCapacity: ChaosChances.capacity, throttled: ChaosChances.throttled, lost: ChaosChances.lost,
                twice: ChaosChances.twice))
        // Few calls launch many instances here: one of each for sure, or chance may spare a run all of them.
        cloud.next("CreateFleet", .throttled, .lostAfter, .doneTwice)
        cloud.next("RunInstances", .doneTwice, .noCapacity, .throttled, .lostAfter)
    }

    func behave() { cloud.set(FakeEC2Chances()) }

    func plantStrangers() {
        strangers.withLock {
            $0 = [
                cloud.addInstance(region: "us-east-1", tags: [:]),
                cloud.addInstance(
                    region: "eu-west-1", tags: ["muster-deployment": "another", "muster-launch": "l-1"]),
            ]
        }
    }

    var strangersStand: Bool {
        let planted = strangers.withLock { $0 }
        return cloud.instances.filter { planted.contains($0.id) && $0.isThere }.count == planted.count
    }

    func end(_ instance: String) { cloud.interrupt(ChaosInstance.name(of: instance)) }

    private var ours: [FakeEC2Instance] {
        let planted = strangers.withLock { $0 }
        return cloud.instances.filter { !planted.contains($0.id) }
    }

    var standing: Set<String> {
        Set(ours.filter { $0.isThere && $0.state != "shutting-down" }.map { "\($0.region)/\($0.id)" })
    }

    var made: [ChaosInstance] {
        ours.map { ChaosInstance(name: $0.id, launch: $0.tags["muster-launch"] ?? "none") }
    }

    var dealt: DealtFaults { cloud.dealt }
}
