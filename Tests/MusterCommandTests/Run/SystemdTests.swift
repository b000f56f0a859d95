import Dispatch
import FoundationEssentials
import Glibc
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    /// The units of `deploy/systemd`, by what systemd would do with them: their commands, in their environment.
    @Suite("The systemd units", .timeLimit(.minutes(2)))
    struct SystemdTests {
        private static let folder =
            URL(filePath: #filePath).pathComponents.dropLast(4).dropFirst()
            .reduce("") { $0 + "/" + $1 } + "/deploy/systemd"

        /// The values of a unit's key, in order.
        private func values(_ key: String, of unit: String) throws -> [String] {
            let text = try TextFile.read("\(Self.folder)/\(unit)", limit: 1 << 16)
            return String(decoding: text, as: UTF8.self).split(separator: "\n")
                .filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
        }

        /// Starts a unit's command with its environment, its paths replaced by those of a fleet.
        private func start(
            _ unit: String, _ fleet: MusterFleet, environment: [String: String] = [:]
        ) throws -> ProgramRun {
            let command = try #require(try values("ExecStart", of: unit).first)
            let words = command.split(separator: " ").map(String.init)
            #expect(words.first == "/usr/local/bin/muster")
            let arguments = words.dropFirst().map {
                $0 == "/etc/muster/muster.yaml" ? fleet.folder.path + "/muster.yaml" : $0
            }
            var environment = environment
            for entry in try values("Environment", of: unit) {
                let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
                environment[parts[0]] = parts[1].replacing("/var/lib/muster", with: fleet.setup.state)
            }
            return try MusterProgram.start(arguments, in: fleet.folder.path, environment: environment)
        }

        @Test("the service tells systemd when it is ready, and when it ends")
        func service() async throws {
            let fleet = try await MusterFleet()
            #expect(try values("Type", of: "muster.service") == ["notify"])
            let path = fleet.folder.path + "/notify"
            let listener = OwnedDescriptor(
                socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let bound = withUnsafeBytes(of: &address) {
                bind(
                    listener.number, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(MemoryLayout<sockaddr_un>.size))
            }
            #expect(bound == 0)
            let run = try start("muster.service", fleet, environment: ["NOTIFY_SOCKET": path])
            #expect(await notice(listener) == "READY=1")
            #expect(try await fleet.muster("pool", "list").status == .code(0))
            run.child.signal(SIGTERM)
            #expect(await notice(listener) == "STOPPING=1")
            #expect(await run.outcome().status == .code(0))
        }

        private func notice(_ listener: OwnedDescriptor) async -> String {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "test.notice").async {
                    var buffer = [UInt8](repeating: 0, count: 100)
                    let count = recv(listener.number, &buffer, buffer.count, 0)
                    continuation.resume(
                        returning: String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
                }
            }
        }

        @Test("the run exits by itself, and the timer starts it again after its end")
        func run() async throws {
            let fleet = try await MusterFleet()
            _ = try fleet.file(
                "pools/p.yaml", "{workerPoolId: a/b, providerId: local, config: {maxCapacity: 1}}")
            #expect(try await fleet.muster("apply", "-f", "pools").status == .code(0))
            let outcome = try await start("muster-run.service", fleet).outcome()
            #expect(outcome.status == .code(0) && outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(outcome.output.contains("a/b"))
            #expect(try values("Type", of: "muster-run.service") == ["oneshot"])
            #expect(try values("OnUnitInactiveSec", of: "muster-run.timer") == ["60s"])
        }

        @Test("neither ends the workers that run", arguments: ["muster.service", "muster-run.service"])
        func killMode(unit: String) throws { #expect(try values("KillMode", of: unit) == ["process"]) }
    }
}
