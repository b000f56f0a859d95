import Glibc
import MusterCore
import MusterEngine
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

/// The files that people write for Muster, with random changes: taken as they are or refused with a word about
/// where, and never touched.
@Suite("Hostile files", .timeLimit(.minutes(3)))
struct HostileFileTests {
    private static let configuration = """
        state: ./state
        listen: 127.0.0.1:8780
        log: {level: info, format: text}
        providers:
          local: {kind: local, users: [builder]}
        events: {file: events.jsonl}
        intervals: {pass: 30, reconcile: 15.5}
        retention: {tasks: 604800, events: 259200, plans: 50}
        """
    private static let pools = """
        workerPools:
          - workerPoolId: demo/build
            providerId: local
            description: "for builds"
            config:
              minCapacity: 0
              maxCapacity: 10
              scalingRatio: 0.5
              lifecycle: {registrationTimeout: 900, idleTimeout: 120}
              launchConfigs:
                - {workerManager: {launchConfigId: a, capacityPerInstance: 2, initialWeight: 0.7}, wrapper: [nice]}
        ---
        workerPoolId: demo/test
        providerId: local
        config: {maxCapacity: 3, launchConfigs: [{workerManager: {launchConfigId: b}}]}
        """

    @Test("muster.yaml gives a configuration within its bounds, or problems that name the file")
    func configuration() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/muster.yaml"
        var generator = SeededGenerator(seed: 31)
        for _ in 0..<1_500 {
            let bytes = generator.mutated(Array(Self.configuration.utf8))
            try write(bytes, path)
            do throws(Problems) {
                let loaded = try Configuration.load(option: path, environment: [:], folder: folder.path)
                #expect(
                    loaded.state.hasPrefix("/")
                        && loaded.socket.utf8.count <= ConfigurationPolicy.longestSocketPath)
                #expect(ConfigurationPolicy.intervals.contains(loaded.intervals.pass.inSeconds))
                #expect(ConfigurationPolicy.planRetentions.contains(loaded.retention.plans))
            } catch {
                #expect(error.all.allSatisfy { $0.message.contains(path) }, "\(error)")
            }
            #expect(try TextFile.read(path, limit: 1 << 20) == bytes)
        }
    }

    @Test("A file of pools gives definitions with ids that are ids, or problems that name the file")
    func pools() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pools.yaml"
        var generator = SeededGenerator(seed: 32)
        for _ in 0..<1_500 {
            try write(generator.mutated(Array(Self.pools.utf8)), path)
            do throws(Problems) {
                for document in try PoolFiles.read(path) {
                    guard case .string(let id)? = document["workerPoolId"]?.value else {
                        Issue.record("a pool without a name was taken")
                        continue
                    }
                    #expect(PoolID.accepts(id))
                }
            } catch {
                #expect(error.all.allSatisfy { $0.message.contains(path) }, "\(error)")
            }
        }
    }

    @Test("A master key is a key that nobody else can read, or a problem that does not tell of it")
    func masterKey() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/master.key"
        let key = "abcdefghijklmnopqrstuvwxyz0123456789-ABCDEF"
        var generator = SeededGenerator(seed: 33)
        for _ in 0..<300 {
            let bytes = generator.mutated(Array(key.utf8))
            try write(bytes, path, mode: 0o600)
            do throws(Problem) {
                _ = try MasterKeyFile.load(path, environment: [:])
                #expect(bytes.count >= 32)
            } catch {
                #expect(error.message.contains(path) && !error.message.contains("abcdefgh"))
            }
            #expect(try TextFile.read(path, limit: 1 << 16) == bytes)
        }
        try write(Array(key.utf8), path, mode: 0o640)
        #expect(throws: Problem.self) { try MasterKeyFile.load(path, environment: [:]) }
    }

    /// Without waiting for the disk, which would be most of the time.
    private func write(_ bytes: [UInt8], _ path: String, mode: UInt32 = 0o644) throws {
        let file = try OwnedDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        fchmod(file.number, mode)
        try file.writeAll(bytes)
    }
}
