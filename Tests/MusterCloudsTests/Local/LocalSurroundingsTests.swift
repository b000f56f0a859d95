import Glibc
import MusterCore
import MusterRuntime
import Testing

@testable import MusterClouds

@Suite("What a local worker is given", .timeLimit(.minutes(3))) struct LocalSurroundingsTests {
    @Test("the environment is Muster's few variables, the config's and the worker's settings")
    func environment() async throws {
        try await LocalScene.run { scene in
            // This process has more than is handed on, or the test would prove nothing.
            #expect(try #require(try ProcessTable.environment(of: getpid())).count > 6)
            let provider = scene.provider(command: ["/usr/bin/env", "-0"])
            _ = try await provider.launch(
                content: .object(["environment": .object(["A": "1 $HOME\n'\"", "LANG": "xx"])]))
            try await provider.untilEnded(scene)
            var variables: [String: String] = [:]
            for line in scene.output(scene.name(0)).split(separator: "\0") {
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                variables[String(parts[0])] = String(parts[1])
            }
            let place = "\(scene.folder)/\(scene.name(0))"
            #expect(variables["PWD"] ?? "\(place)/work" == "\(place)/work")
            for name in ["PATH", "HOME", "TZ"] {
                #expect(variables[name] == getenv(name).map { String(cString: $0) })
            }
            // The shell at the gate adds what names the working folder.
            let rest = variables.filter {
                !["PATH", "HOME", "TZ", "PWD", "OLDPWD", "SHLVL", "_"].contains($0.key)
            }
            #expect(
                rest == [
                    "A": "1 $HOME\n'\"", "LANG": "xx", "MUSTER_FLEET": scene.fleet,
                    "MUSTER_INSTANCE": scene.name(0), "MUSTER_LAUNCH": LocalScene.launch.rawValue,
                    "MUSTER_WORKER_URL": "http://127.0.0.1:8080", "MUSTER_WORKER_POOL": "proj/linux",
                    "MUSTER_WORKER_PROVIDER": "here", "MUSTER_WORKER_GROUP": "local",
                    "MUSTER_WORKER_ID": scene.name(0), "MUSTER_WORKER_CAPACITY": "3",
                    "MUSTER_WORKER_FOLDER": "\(place)/work",
                    "MUSTER_WORKER_TOKEN_FILE": "\(place)/work/token",
                ])
        }
    }

    @Test("a worker has its token in a file that only it can read, and nowhere else") func token()
        async throws
    {
        try await LocalScene.run { scene in
            let provider = scene.provider(
                "stat -c %a $MUSTER_WORKER_TOKEN_FILE $MUSTER_WORKER_FOLDER; env; cat /proc/$$/cmdline; exec sleep 600"
            )
            _ = try await provider.launch { _ in Secret("hush-hush") }
            #expect(scene.text("instances/\(scene.name(0))/work/token") == "hush-hush")
            try await eventually { scene.output(scene.name(0)).contains("exec sleep") }
            #expect(scene.output(scene.name(0)).hasPrefix("600\n700\n"))
            #expect(!scene.output(scene.name(0)).contains("hush-hush"))
            #expect(scene.text("instances/\(scene.name(0))/instance.json")?.contains("hush") == false)
        }
    }

    @Test("a worker has three descriptors, a session of its own and the folder it was given")
    func process() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider("ls /proc/$$/fd; readlink /proc/$$/fd/0; pwd; exec sleep 600")
            _ = try await provider.launch(content: .object(["folder": "/usr"]))
            try await eventually { scene.output(scene.name(0)).contains("/usr\n") }
            #expect(scene.output(scene.name(0)) == "0\n1\n2\n/dev/null\n/usr\n")
            let status = try #require(try ProcessStatus.read(scene.record().pid))
            #expect(status.session == status.pid)
        }
    }

    @Test("wrapper and limits are put before the worker") func wrapped() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider("echo $NAMED $(ulimit -n) $(ulimit -t) $(ulimit -f) $(nice)")
            _ = try await provider.launch(
                content: .object([
                    "wrapper": .list("nice", "-n", "7", "env", "NAMED=yes"),
                    "limits": .object([
                        "openFiles": 77, "memoryMiB": 4_096, "processes": 4_000, "cpuSeconds": 99,
                        "fileSizeMiB": 2,
                    ]),
                ]))
            let instance = try await provider.untilEnded(scene)
            #expect(instance.detail?.hasPrefix("exit code 0;") == true)
            #expect(scene.output(scene.name(0)) == "yes 77 99 4096 7\n")
        }
    }

    @Test(
        "another user's worker owns its folder and its token, and none of Muster's files",
        .enabled(if: geteuid() == 0))
    func anotherUser() async throws {
        try await LocalScene.run { scene in
            let script = """
                echo "$(id -un) $(id -gn) $HOME $LD_LIBRARY_PATH"; cat $MUSTER_WORKER_TOKEN_FILE; rm $MUSTER_WORKER_TOKEN_FILE
                touch made ../made 2>/dev/null; ls $MUSTER_WORKER_FOLDER; exec sleep 600
                """
            let provider = scene.provider(script, users: ["daemon"])
            let content = Document.object([
                "user": "daemon", "environment": .object(["LD_LIBRARY_PATH": "/nowhere"]),
            ])
            #expect(provider.problems(in: content).isEmpty)
            _ = try await provider.launch(content: content)
            try await eventually { scene.output(scene.name(0)).contains("made\n") }
            #expect(
                scene.output(scene.name(0))
                    == "daemon daemon /usr/sbin /nowhere\ntoken of \(scene.name(0))made\n")
            #expect(scene.text("instances/\(scene.name(0))/made") == nil)
            #expect(await provider.terminate([scene.name(0)]).isEmpty)
            try await provider.untilEnded(scene)
        }
    }

    @Test("a user that is not allowed, or no longer, or does not exist is refused") func users() async throws
    {
        try await LocalScene.run { scene in
            let content = Document.object(["user": "daemon"])
            #expect(scene.provider().problems(in: content).map(\.field) == ["user"])
            guard geteuid() == 0 else { return }
            let body = try scene.provider(users: ["daemon"]).render(
                scene.provider().order(1, content: content))
            let call = LaunchCall(launchID: LocalScene.launch, body: body) { _ in Secret("x") }
            guard case .answered(let instances, let refusals) = await scene.provider().launch(call) else {
                Issue.record("not answered")
                return
            }
            #expect(instances.isEmpty)
            #expect(refusals.map(\.error.kind) == [.invalidConfig])
            let nobody = try await scene.provider(users: ["no-such-user"]).launch(
                content: .object(["user": "no-such-user"]))
            #expect(nobody.refusals.map(\.error.message) == ["there is no user no-such-user on this machine"])
        }
    }
}
