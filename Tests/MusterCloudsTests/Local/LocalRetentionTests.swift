import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Putting local instances away", .timeLimit(.minutes(3))) struct LocalRetentionTests {
    @Test("an instance that is gone is remembered for a while, then its folder is removed")
    func expiry() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider("mkdir -p a/b; echo x > a/b/c; exit 0")
            _ = try await provider.launch()
            try await provider.untilEnded(scene)
            scene.clock.advance(by: .seconds(3_600))
            #expect(try await provider.list().count == 1)
            #expect(try await provider.launch().instances.map(\.state) == [.gone])
            scene.clock.advance(by: .seconds(1))
            #expect(try await provider.list().count == 1)
            #expect(try await provider.list().isEmpty)
            try await eventually { try scene.names() == [".lock"] }
        }
    }

    @Test("one that runs is never put away") func running() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider()
            _ = try await provider.launch()
            scene.clock.advance(by: .seconds(1_000_000))
            for _ in 0..<3 { #expect(try await provider.list().map(\.state) == [.running]) }
        }
    }

    @Test("a removal that was broken off goes on, and what never ran goes too, but nothing else")
    func remains() async throws {
        try await LocalScene.run { scene in
            let folders = [
                "instances", "instances/old-0.removed", "instances/old-0.removed/work", "instances/unused-0",
                "instances/unused-0/work", "instances/foreign", "instances/foreign/data",
            ]
            for folder in folders { #expect(mkdir(scene.path(folder), 0o755) == 0) }
            let clock = ManualClock()
            clock.advance(
                by: .seconds(-1_800_000_000) + .milliseconds(SystemClock().now().milliseconds / 1_000 * 1_000)
            )
            clock.advance(by: .seconds(7_200))
            _ = try await scene.provider(clock: clock).list()
            try await eventually { try Set(scene.names()) == ["foreign", ".lock"] }
        }
    }

    @Test("a folder is removed however deep it is, without following links out of it") func removal()
        async throws
    {
        try await LocalScene.run { scene in
            try scene.write("stay", to: "outside")
            #expect(mkdir(scene.path("kept"), 0o755) == 0)
            try scene.write("stay", to: "kept/file")
            #expect(mkdir(scene.path("top"), 0o755) == 0)
            #expect(symlink(scene.path("kept"), scene.path("top/link")) == 0)
            #expect(symlink(scene.path("outside"), scene.path("top/file")) == 0)
            #expect(mkdir(scene.path("top/locked"), 0o755) == 0)
            try scene.write("x", to: "top/locked/file")
            #expect(chmod(scene.path("top/locked"), 0) == 0)
            // Deeper than a path can say.
            var folder = try OwnedDescriptor.open(scene.path("top"), O_RDONLY | O_DIRECTORY)
            for _ in 0..<600 {
                for name in ["deep-deep-deep", "1.moved", "side"] {
                    #expect(mkdirat(folder.number, name, 0o700) == 0)
                }
                let next = openat(folder.number, "deep-deep-deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                folder = OwnedDescriptor(next)
            }
            let parent = try OwnedDescriptor.open(scene.root, O_RDONLY | O_DIRECTORY)
            try FolderRemoval.remove("top", from: parent)
            try FolderRemoval.remove("top", from: parent)
            #expect(try Set(parent.entries()) == ["outside", "kept"])
            #expect(scene.text("outside") == "stay")
            #expect(scene.text("kept/file") == "stay")
        }
    }
}

extension LocalScene {
    fileprivate func names() throws -> [String] {
        try OwnedDescriptor.open(folder, O_RDONLY | O_DIRECTORY).entries()
    }
}
