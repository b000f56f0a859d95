import MusterClouds
import MusterCore
import MusterRuntime

/// A fake Google in a chaos run: a region and a zone, launched in bulk and one by one.
struct GoogleChaos: ChaosCloud {
    let name = "google"
    let environment: [String: String] = [:]
    private let cloud: FakeGoogle
    private static let strangers = ["us-central1-a/somebodys", "us-central1-b/anothers"]

    init(seed: UInt64) throws {
        var settings = FakeGoogleSettings()
        settings.insertTime = .milliseconds(500)
        settings.deleteTime = .milliseconds(500)
        cloud = try FakeGoogle(settings, clock: SystemClock(), seed: seed)
    }

    func settings(folder: String) throws -> String {
        let key = folder + "/google.json"
        try DurableFile.write(cloud.keyFile, to: key, mode: 0o600)
        let endpoints = cloud.endpoints
        return """
              google: {kind: google, project: \(cloud.project), credentials: '\(key)', endpoints: {compute: \
            '\(endpoints.compute)', resourceManager: '\(endpoints.resourceManager)'}}
            """
    }

    let launchConfigs = """
        [{"workerManager": {"launchConfigId": "bulk"}, "region": "us-central1", "zones": ["us-central1-a", "us-central1-b", "us-central1-c"],
        "machineTypes": ["n2-standard-4", "e2-standard-4"],
        "disks": [{"boot": true, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/debian-12"}}],
        "networkInterfaces": [{}], "scheduling": {"provisioningModel": "SPOT"}},
        {"workerManager": {"launchConfigId": "single"}, "region": "europe-west1", "zone": "europe-west1-b",
        "machineType": "zones/europe-west1-b/machineTypes/e2-standard-4",
        "disks": [{"boot": true, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/debian-12"}}],
        "networkInterfaces": [{}], "scheduling": {}, "workerConfig": {}}]
        """

    func misbehave() {
        cloud.change {
            $0.chances.stockouts = ChaosChances.capacity
            $0.chances.throttled = ChaosChances.throttled
            $0.chances.lostAnswers = ChaosChances.lost
            $0.chances.duplicates = ChaosChances.twice
        }
    }

    func behave() { cloud.change { $0.chances = FakeGoogleSettings.Chances() } }

    func plantStrangers() {
        cloud.add("somebodys", in: "us-central1-a")
        cloud.add(
            "anothers", in: "us-central1-b", labels: ["muster-deployment": "another", "muster-launch": "l-1"])
    }

    var strangersStand: Bool {
        let paths = Set(cloud.machines.map(\.path))
        return paths.isSuperset(of: Self.strangers)
    }

    func end(_ instance: String) { cloud.remove(instance) }

    var standing: Set<String> { Set(cloud.machines.map(\.path)).subtracting(Self.strangers) }

    var made: [ChaosInstance] { ChaosInstance.named(cloud.made) }

    var dealt: DealtFaults { cloud.dealt }
}
