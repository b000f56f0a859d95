import Glibc
import MusterCore
import MusterRuntime

/// What an instance's process runs, found out before anything is started.
struct InstanceCommand {
    /// The whole command line, with absolute paths where programs stand.
    var words: [String]
    /// The whole environment.
    var environment: [String: String]
    /// Where it works.
    var folder: String
    /// Whom it runs as, if not as Muster.
    var owner: SystemUser?
}

extension InstanceCommand {
    /// The variables of Muster's own that every worker has.
    private static let inherited = ["PATH", "HOME", "LANG", "TZ"]
    private static let defaultPath = "/usr/local/bin:/usr/bin:/bin"
    /// Where the programs that limit the worker are looked for, whatever anybody's PATH says.
    private static let systemPath = "/usr/bin:/bin:/usr/sbin:/sbin"

    /// Puts the command together.
    ///
    /// - Throws: `invalidConfig` when a program, the folder or the user is not there or not allowed.
    init(
        _ call: LocalCall, _ place: InstanceFolder, _ configuration: LocalProviderConfiguration,
        users: AllowedUsers
    ) throws(CloudError) {
        let content = call.content
        environment = Self.environment(call, place, configuration)
        folder = content.folder ?? place.work
        if let folder = content.folder { try Self.check(folder: folder) }

        let path = content.environment["PATH"] ?? environment["PATH"] ?? Self.defaultPath
        words = try Self.command(content, configuration, path: path, folder: folder)
        if let first = content.wrapper.first {
            words = [try Self.find(first, path: path, folder: folder)] + content.wrapper.dropFirst() + words
        }
        if let name = content.user {
            if let problem = users.problem(with: name) { throw Self.refusal(EPERM, "user \(problem)") }
            guard let user = SystemUser.named(name) else {
                throw Self.refusal(ENOENT, "there is no user \(name) on this machine")
            }
            owner = user
            environment["HOME"] = user.home
            // Its variables come after the change of user: the loader obeys some of them, and must not do so
            // while the process is still root's.
            let variables = content.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            words = [try Self.find("env", path: Self.systemPath, folder: "/")] + variables + words
            words =
                [
                    try Self.find("setpriv", path: Self.systemPath, folder: "/"), "--reuid", name,
                    "--regid", String(user.group), "--init-groups",
                ] + words
        } else {
            environment.merge(content.environment) { $1 }
        }
        let limits = Self.words(content.limits)
        if !limits.isEmpty {
            words = [try Self.find("prlimit", path: Self.systemPath, folder: "/")] + limits + words
        }
    }

    /// The launch config's own command, or else the worker's.
    private static func command(
        _ content: LocalContent, _ configuration: LocalProviderConfiguration, path: String, folder: String
    ) throws(CloudError) -> [String] {
        if let own = content.command.first {
            return [try find(own, path: path, folder: folder)] + content.command.dropFirst()
        }
        guard let program = configuration.workerCommand.first else {
            throw refusal(ENOENT, "the provider has no worker command")
        }
        return [try find(program, path: "", folder: "/")] + configuration.workerCommand.dropFirst()
    }

    private static func environment(
        _ call: LocalCall, _ place: InstanceFolder, _ configuration: LocalProviderConfiguration
    ) -> [String: String] {
        var environment = ["PATH": defaultPath]
        for name in inherited {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        let tag = InstanceTag(fleet: configuration.fleet, name: place.name, launch: call.launch)
        environment.merge(tag.variables) { $1 }
        environment["MUSTER_WORKER_URL"] = call.serviceURL
        environment["MUSTER_WORKER_POOL"] = call.pool.rawValue
        environment["MUSTER_WORKER_PROVIDER"] = configuration.id.rawValue
        environment["MUSTER_WORKER_GROUP"] = LocalProvider.group.rawValue
        environment["MUSTER_WORKER_ID"] = place.name.rawValue
        environment["MUSTER_WORKER_CAPACITY"] = String(call.capacity)
        environment["MUSTER_WORKER_FOLDER"] = place.work
        environment["MUSTER_WORKER_TOKEN_FILE"] = place.token
        return environment
    }

    private static func words(_ limits: LocalContent.Limits) -> [String] {
        var words: [String] = []
        if let count = limits.openFiles { words.append("--nofile=\(count)") }
        // What a process may write to, rather than its address space: runtimes reserve far more than they use.
        if let size = limits.memoryMiB { words.append("--data=\(size << 20)") }
        if let count = limits.processes { words.append("--nproc=\(count)") }
        if let time = limits.cpuSeconds { words.append("--cpu=\(time)") }
        if let size = limits.fileSizeMiB { words.append("--fsize=\(size << 20)") }
        return words
    }

    private static func find(_ name: String, path: String, folder: String) throws(CloudError) -> String {
        if let found = ExecutablePath.find(name, path: path, folder: folder) { return found }
        throw refusal(ENOENT, "there is no program \(name) that can be run")
    }

    private static func check(folder: String) throws(CloudError) {
        var status = stat()
        guard stat(folder, &status) == 0 else {
            throw CloudError(starting: SystemError(errno, "work in \(folder)"))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw CloudError(starting: SystemError(ENOTDIR, "work in \(folder)"))
        }
    }

    private static func refusal(_ number: Int32, _ message: String) -> CloudError {
        CloudError(.invalidConfig, cloudCode: SystemError(number, "").name, message: message)
    }
}
