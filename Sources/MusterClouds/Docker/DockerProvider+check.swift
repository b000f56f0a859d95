import Glibc
public import MusterCore
import MusterHTTP
import MusterRuntime

extension DockerProvider {
    public func check() async -> [ProviderFinding] {
        var findings: [ProviderFinding] = []
        let versions: EngineVersions
        do throws(CloudError) {
            versions = try await engine.versions()
            findings.append(
                ProviderFinding(
                    "engine", .good, "Docker \(versions.product) answers on \(configuration.socket)"))
        } catch {
            return [
                ProviderFinding(
                    "engine", .bad, error.message, remedy: Self.remedy(forSocket: configuration.socket))
            ]
        }
        do throws(CloudError) {
            findings.append(
                ProviderFinding("version", .good, "version \(try versions.common()) of its API is spoken"))
        } catch {
            return findings + [
                ProviderFinding("version", .bad, error.message, remedy: "upgrade the older of the two")
            ]
        }
        findings += await checkMachine()
        findings.append(await checkNetwork(configuration.network))
        findings.append(checkServiceURL())
        return findings
    }

    public func validate(_ content: Document) async -> [ProviderFinding] {
        let (content, problems) = DockerContent.read(content, rules: configuration.rules)
        guard problems.isEmpty else {
            return problems.map { problem in
                ProviderFinding(problem.field ?? "content", .bad, problem.message, remedy: nil)
            }
        }
        var findings = [await checkImage(content)]
        if let network = content.network { findings.append(await checkNetwork(network)) }
        for mount in content.mounts where mount.kind == .volume {
            findings.append(await checkVolume(mount.source))
        }
        if let machine = try? await machine() { findings += Self.compare(content, with: machine) }
        return findings
    }

    // MARK: The machine

    private struct Machine: Decodable {
        let processors: Int
        let memory: Int64
        let time: String?

        private enum CodingKeys: String, CodingKey {
            case processors = "NCPU"
            case memory = "MemTotal"
            case time = "SystemTime"
        }
    }

    private func machine() async throws(CloudError) -> Machine {
        let response = try await engine.send(.get, "/info")
        guard response.status == 200 else { throw CloudError(docker: response, to: "tell of its machine") }
        return try response.docker(Machine.self)
    }

    private func checkMachine() async -> [ProviderFinding] {
        do throws(CloudError) {
            let before = clock.now()
            let machine = try await machine()
            var findings: [ProviderFinding] = [
                ProviderFinding(
                    "machine", .good,
                    "\(machine.processors) processors and \(machine.memory >> 20) MiB of memory for all containers"
                )
            ]
            if let time = machine.time.flatMap({ Timestamp($0) }) {
                let off = max(time - clock.now(), before - time)
                findings.append(
                    off <= CloudPolicy.dockerClockTolerance
                        ? ProviderFinding("clock", .good, "the engine's clock agrees with this machine's")
                        : ProviderFinding(
                            "clock", .warning,
                            "the engine's clock differs from this machine's by \(off.inSeconds) s",
                            remedy: "let both keep time by NTP"))
            }
            return findings
        } catch {
            return [ProviderFinding("machine", .bad, error.message, remedy: nil)]
        }
    }

    private static func compare(_ content: DockerContent, with machine: Machine) -> [ProviderFinding] {
        var findings: [ProviderFinding] = []
        if let cpus = content.cpus, cpus > Double(machine.processors) {
            findings.append(
                ProviderFinding(
                    "cpus", .bad, "\(cpus) processors are more than the \(machine.processors) that there are",
                    remedy: "ask for \(machine.processors) at most"))
        }
        if let memory = content.memoryMiB, Int64(memory) > machine.memory >> 20 {
            findings.append(
                ProviderFinding(
                    "memoryMiB", .bad,
                    "\(memory) MiB are more than the \(machine.memory >> 20) that there are",
                    remedy: "ask for less"))
        }
        return findings
    }

    // MARK: What containers are made of

    private func checkImage(_ content: DockerContent) async -> ProviderFinding {
        let name = QueryText.escaped(content.image)
        do throws(CloudError) {
            let local = try await engine.send(.get, "/images/\(name)/json")
            if local.status == 200, content.pull != .always {
                return ProviderFinding("image", .good, "the engine has \(content.image)")
            }
            guard content.pull != .never else {
                return ProviderFinding(
                    "image", .bad, "the engine has no \(content.image), and pull is never",
                    remedy: "docker pull \(content.image)")
            }
            let remote = try await engine.send(.get, "/distribution/\(name)/json")
            guard remote.status == 200 else {
                let error = CloudError(docker: remote, to: "find the image \(content.image) in its registry")
                return ProviderFinding(
                    "image", .bad, error.message, remedy: "correct the name, or docker pull it on the host")
            }
            return ProviderFinding(
                "image", .good, "\(content.image) is in its registry, and is fetched with the first launch")
        } catch {
            return ProviderFinding("image", .bad, error.message, remedy: nil)
        }
    }

    private func checkNetwork(_ name: String) async -> ProviderFinding {
        await checkThere(
            "network", name, at: "/networks/\(QueryText.escaped(name))",
            remedy: "docker network create \(name)")
    }

    private func checkVolume(_ name: String) async -> ProviderFinding {
        await checkThere(
            "volume", name, at: "/volumes/\(QueryText.escaped(name))", remedy: "docker volume create \(name)")
    }

    private func checkThere(
        _ noun: String, _ name: String, at path: String, remedy: String
    ) async -> ProviderFinding {
        do throws(CloudError) {
            let response = try await engine.send(.get, path)
            switch response.status {
            case 200: return ProviderFinding(noun, .good, "there is a \(noun) \(name)")
            case 404: return ProviderFinding(noun, .bad, "there is no \(noun) \(name)", remedy: remedy)
            default: throw CloudError(docker: response, to: "look at the \(noun) \(name)")
            }
        } catch {
            return ProviderFinding(noun, .bad, error.message, remedy: nil)
        }
    }

    // MARK: The ways

    /// Why nobody answers on a socket, as far as it can be seen from here.
    private static func remedy(forSocket path: String) -> String {
        guard access(path, F_OK) == 0 else {
            return "start Docker, or name its socket with socket in muster.yaml"
        }
        guard access(path, R_OK | W_OK) == 0 else {
            return
                "let the user that Muster runs as use \(path): usermod -aG docker USER, and start Muster again"
        }
        return "look whether Docker runs: systemctl status docker"
    }

    private func checkServiceURL() -> ProviderFinding {
        if let url = configuration.serviceURL {
            return ProviderFinding("service", .good, "workers call \(url)")
        }
        if configuration.network == "host" {
            return ProviderFinding(
                "service", .good, "workers have the host's network and call the service where it listens")
        }
        return ProviderFinding(
            "service", .warning,
            "containers on the network \(configuration.network) cannot reach a service that listens on this machine's "
                + "loopback address",
            remedy: "set serviceURL to an address that leads to the service, or network: host")
    }
}
