import FoundationEssentials
import Glibc
import MusterAPI
import MusterCore
import MusterCrypto
import MusterEngine
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    @Suite(.timeLimit(.minutes(2)))
    struct SecrecyTests {
        @Test(
            "No key, token or secret is in a log, an event, a worker's folder or the database, at any log level",
            .ofFileEngine)
        func secrets() async throws {
            let fleet = try await MusterFleet("log: {level: debug}")
            try await fleet.start()
            // The token is taken from its file before the worker can delete it.
            let captured = fleet.folder.path + "/captured-"
            try await fleet.define(
                configs: """
                    [{workerManager: {launchConfigId: watched}, wrapper: [sh, -c, \
                    'cp "$MUSTER_WORKER_TOKEN_FILE" "\(captured)$MUSTER_WORKER_ID"; exec "$@"', sh]}]
                    """, min: 1)
            _ = try await fleet.submit(2)
            try await fleet.until("the tasks") {
                for index in 0..<2 where try await fleet.task(index).resolved == nil { return false }
                // One worker may have done both, while another still starts.
                let capacity = try await fleet.poolDocument().capacity
                return capacity[Bucket.requested.rawValue, default: .zero] == .zero
            }
            // A refused call and a wrong token are logged as well, and workers go on when it ends.
            #expect(await fleet.stop() == .code(0))

            let key = try TextFile.read(fleet.setup.masterKey, limit: 4_096)
            let masterKey = MasterKey(Secret(key))
            var secrets = [String(decoding: key, as: UTF8.self)]
            try await fleet.store { store in
                let workers = try await store.read {
                    try await $0.livingWorkers(of: ProviderID(rawValue: "local"), after: nil, limit: 100)
                }
                #expect(!workers.isEmpty)
                for worker in workers {
                    let key = worker.key
                    let token = masterKey.secret(
                        for: "registration", worker.launchID.rawValue, key.id.rawValue
                    ).reveal()
                    let taken = try TextFile.read(captured + key.id.rawValue, limit: 4_096)
                    #expect(String(decoding: taken, as: UTF8.self) == token)
                    let registered = try #require(worker.registeredAt)
                    let access = masterKey.secret(
                        for: "access", key.description, worker.nonce ?? "", String(registered.milliseconds)
                    ).reveal()
                    // What is looked for is what it really shows: the store knows it by its hash.
                    #expect(try await store.read { try await $0.grant(tokenHash: SHA256.hex(access)) } != nil)
                    secrets += [
                        token, access,
                        masterKey.secret(for: "reregistration", key.description, worker.nonce ?? "").reveal(),
                    ]
                }
            }
            let files = try fleet.files()
            #expect(
                files.contains { $0.hasSuffix("/service.log") }
                    && files.contains { $0.hasSuffix("/events.jsonl") })
            #expect(
                files.contains { $0.hasSuffix("/worker.log") }
                    && files.contains { $0.hasSuffix("/muster.db") })
            #expect(!files.contains { $0.hasSuffix("/token") })
            for file in files where file != fleet.setup.masterKey && !file.hasPrefix(captured) {
                let bytes = try TextFile.read(file, limit: 64 << 20)
                for secret in secrets {
                    #expect(bytes.firstRange(of: Array(secret.utf8)) == nil, "\(file)")
                }
            }
            // The environment of what runs is readable for every process of the user.
            for pid in try await fleet.processes() {
                let environment = try ProcessTable.environment(of: pid) ?? [:]
                #expect(environment.values.allSatisfy { value in !secrets.contains { value.contains($0) } })
            }
        }

        @Test("What must not be read by others cannot be")
        func modes() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            for (path, mode) in [(fleet.setup.masterKey, 0o600), (fleet.setup.socket, 0o600)]
                as [(String, mode_t)]
            {
                var status = stat()
                #expect(stat(path, &status) == 0)
                #expect(status.st_mode & 0o777 == mode, "\(path)")
            }
            #expect(await fleet.stop() == .code(0))
            chmod(fleet.setup.masterKey, 0o644)
            let outcome = try await fleet.muster("serve")
            #expect(outcome.status == .code(1))
            #expect(
                outcome.errors
                    == "muster: the master key \(fleet.setup.masterKey) can be read by others: "
                    + "chmod 600 \(fleet.setup.masterKey)\n")
        }
    }
}

extension MusterFleet {
    /// Every file below its folder.
    fileprivate func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).map { "\(folder.path)/\($0)" }
            .filter { path in
                var status = stat()
                return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            }
    }
}
