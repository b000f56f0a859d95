import CLinux
import Glibc

extension SpawnRequest {
    /// Starts the process and returns its id; the caller has to reap it.
    func spawn() throws(SystemError) -> Int32 {
        let texts = [executable] + arguments + environment.flatMap { [$0.key, $0.value] }
        guard !texts.contains(where: { $0.utf8.contains(0) }),
            !environment.keys.contains(where: { $0.contains("=") })
        else { throw SystemError(EINVAL, "start \(executable): its words hold a zero byte or a name with =") }

        // Copies above the numbers that the child uses, so that putting one in place never overwrites another.
        var sources: [OwnedDescriptor] = []
        for descriptor in descriptors {
            let copy = fcntl(descriptor.number, F_DUPFD_CLOEXEC, Int32(descriptors.count))
            guard copy >= 0 else { throw SystemError(errno, "copy a descriptor") }
            sources.append(OwnedDescriptor(copy))
        }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, source) in sources.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, source.number, Int32(number))
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, Int32(descriptors.count))
        if let folder { posix_spawn_file_actions_addchdir_np(&actions, folder) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        switch group {
        case .inherited: break
        case .ownGroup: flags |= Int32(POSIX_SPAWN_SETPGROUP)
        case .ownSession: flags |= Int32(POSIX_SPAWN_SETSID)
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)

        var pid: pid_t = 0
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let failure = withStrings([executable] + arguments) { words in
            withStrings(variables) { variables in
                posix_spawn(&pid, executable, &actions, &attributes, words, variables)
            }
        }
        withExtendedLifetime(sources) {}
        guard failure == 0 else { throw SystemError(failure, attempt(failure)) }
        return pid
    }

    /// What went wrong, for one number stands for both the program and the folder.
    private func attempt(_ failure: Int32) -> String {
        var status = stat()
        guard let folder, stat(folder, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else {
            return "start \(executable)"
        }
        return "start \(executable) in \(folder)"
    }
}

/// Runs `body` with a NULL-terminated array of C strings.
private func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
