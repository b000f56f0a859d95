import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Docker: launch configs", .timeLimit(.minutes(1)))
struct DockerContentTests {
    private let rules = DockerRules(
        images: ["registry.example/team/*", "ubuntu:24.04"], networks: ["bridge", "builds"],
        volumes: ["cache"],
        readableFolders: ["/srv/data"], writableFolders: ["/srv/out"])

    private func fields(_ content: String) throws -> [String] {
        DockerContent.read(try JSON.document(Array(content.utf8)), rules: rules).problems.map {
            $0.field ?? ""
        }
    }

    @Test("may ask for what muster.yaml allows")
    func allowed() throws {
        #expect(
            try fields(
                """
                {"image": "registry.example/team/worker:1", "entrypoint": ["muster"], "command": ["worker"],
                "environment": {"A": "b", "N": 1}, "user": "1000:1000", "cpus": 1.5, "memoryMiB": 512,
                "sharedMemoryMiB": 64, "processes": 100, "network": "builds", "folder": "/work", "pull": "always",
                "workerConfig": {"x": 1}, "mounts": [
                {"type": "volume", "source": "cache", "target": "/cache"}, {"type": "tmpfs", "target": "/scratch"},
                {"type": "bind", "source": "/srv/data/a", "target": "/data", "readOnly": true},
                {"type": "bind", "source": "/srv/out", "target": "/out"}]}
                """
            ).isEmpty)
    }

    @Test(
        "are refused for everything else, with the field",
        arguments: [
            ("{}", ["image"]), (#"{"image":"ubuntu"}"#, ["image"]), (#"{"image":"../x"}"#, ["image"]),
            (#"{"image":"ubuntu:24.04","privileged":true}"#, ["privileged"]),
            (#"{"image":"ubuntu:24.04","network":"host"}"#, ["network"]),
            (#"{"image":"ubuntu:24.04","user":"a b"}"#, ["user"]),
            (#"{"image":"ubuntu:24.04","environment":{"MUSTER_X":"1"}}"#, ["environment"]),
            (
                #"{"image":"ubuntu:24.04","cpus":0,"memoryMiB":1,"processes":0}"#,
                ["cpus", "memoryMiB", "processes"]
            ),
            (#"{"image":"ubuntu:24.04","folder":"work"}"#, ["folder"]),
            (#"{"image":"ubuntu:24.04","command":[""]}"#, ["command"]),
            (
                #"{"image":"ubuntu:24.04","mounts":[{"type":"volume","source":"other","target":"/a"}]}"#,
                ["mounts[0].source"]
            ),
            (
                #"{"image":"ubuntu:24.04","mounts":[{"type":"bind","source":"/","target":"/a"}]}"#,
                ["mounts[0].source"]
            ),
            (
                #"{"image":"ubuntu:24.04","mounts":[{"type":"bind","source":"/srv/data","target":"/a"}]}"#,
                ["mounts[0].source"]
            ),
            (
                #"{"image":"ubuntu:24.04","mounts":[{"type":"bind","source":"/srv/data/../x","target":"/a","readOnly":true}]}"#,
                ["mounts[0].source"]
            ),
            (
                #"{"image":"ubuntu:24.04","mounts":[{"type":"bind","source":"/srv/database","target":"/a","readOnly":true}]}"#,
                ["mounts[0].source"]
            ),
            (
                #"{"image":"ubuntu:24.04","mounts":[{"type":"tmpfs","target":"/.muster"}]}"#,
                ["mounts[0].target"]
            ),
            (
                #"{"image":"ubuntu:24.04","mounts":[{"type":"volume","source":"cache","target":"//./.muster/token"}]}"#,
                ["mounts[0].target"]
            ),
            (#"{"image":"ubuntu:24.04","mounts":[{"type":"tmpfs","target":"/./"}]}"#, ["mounts[0].target"]),
            (
                #"{"image":"ubuntu:24.04","mounts":[{"target":"a"}]}"#,
                ["mounts[0].type", "mounts[0].target", "mounts[0].source"]
            ),
        ])
    func refused(content: String, expected: [String]) throws { #expect(try fields(content) == expected) }

    @Test("are written so that the engine gets what they say, and nothing of Muster's own environment")
    func specification() async throws {
        try await DockerScene.run { scene in
            let provider = scene.provider { $0.rules.networks = ["bridge", "builds"] }
            let order = try scene.order(
                1,
                #","command":["worker"],"environment":{"A":"b"},"cpus":1.5,"memoryMiB":64,"network":"builds","#
                    + #""mounts":[{"type":"tmpfs","target":"/scratch"}]"#)
            #expect(try provider.render(order) == provider.render(order))
            _ = try await scene.launch(order, by: provider)
            let sent = try #require(scene.engine.containers.values.first?.specification)
            let host = try #require(sent["HostConfig"])
            #expect(host["NanoCpus"]?.value == .integer(1_500_000_000))
            #expect(host["Memory"]?.value == .integer(64 << 20) && host["MemorySwap"] == host["Memory"])
            #expect(host["NetworkMode"]?.value == .string("builds"))
            #expect(host["ExtraHosts"]?.canonicalJSON == #"["host.docker.internal:host-gateway"]"#)
            #expect(host["SecurityOpt"]?.canonicalJSON == #"["no-new-privileges"]"#)
            #expect(
                host["Mounts"]?.canonicalJSON == #"[{"ReadOnly":false,"Target":"/scratch","Type":"tmpfs"}]"#)
            #expect(
                sent["Env"]?.canonicalJSON == """
                    ["A=b","MUSTER_WORKER_CAPACITY=2","MUSTER_WORKER_FOLDER=/tmp/muster",\
                    "MUSTER_WORKER_GROUP=docker","MUSTER_WORKER_ID=\(DockerScene.names(1)[0])",\
                    "MUSTER_WORKER_POOL=team/build","MUSTER_WORKER_PROVIDER=box",\
                    "MUSTER_WORKER_TOKEN_FILE=/.muster/token",\
                    "MUSTER_WORKER_URL=http://host.docker.internal:8780"]
                    """)
        }
    }

    @Test(
        "reach the service by an address that means it in the container",
        arguments: [
            ("http://127.0.0.1:8780", "bridge", "http://host.docker.internal:8780"),
            ("http://[::1]:99", "bridge", "http://host.docker.internal:99"),
            ("http://127.0.0.1:8780", "host", "http://127.0.0.1:8780"),
            ("https://muster.example", "bridge", "https://muster.example"),
        ])
    func address(url: String, network: String, expected: String) {
        #expect(DockerCall.reachable(url, from: network) == expected)
    }

    @Test(
        "put the token into a file that its reader can read and delete, and nobody else where that is known",
        arguments: [
            (nil, "0000777", "0000444", "0000000"), ("1000:1001", "0000700", "0000400", "0001750"),
            ("builder", "0000777", "0000444", "0000000"), ("4000000000", "0000777", "0000444", "0000000"),
        ] as [(String?, String, String, String)])
    func archive(user: String?, folderMode: String, fileMode: String, owner: String) {
        let archive = TokenArchive.bytes(Secret("abc"), user: user)
        #expect(archive.count == 512 * 5)
        func text(_ offset: Int, _ count: Int) -> String {
            String(decoding: archive[offset..<offset + count].prefix { $0 != 0 }, as: UTF8.self)
        }
        #expect(text(0, 100) == ".muster/" && text(512, 100) == ".muster/token")
        #expect(text(100, 8) == folderMode && text(612, 8) == fileMode)
        #expect(text(108, 8) == owner && text(620, 8) == owner)
        #expect(text(512 + 124, 12) == "00000000003" && text(1_024, 512) == "abc")
        for start in [0, 512] {
            var block = Array(archive[start..<start + 512])
            let told = Int(text(start + 148, 6), radix: 8)
            for index in 148..<156 { block[index] = 32 }
            #expect(told == block.reduce(0) { $0 + Int($1) })
        }
    }
}
