import Testing

@testable import MusterBench

@Suite("The machine")
struct MachineFactsTests {
    @Test("has the processor that the kernel names first")
    func cpu() {
        let text = "processor\t: 0\nmodel name\t: AMD EPYC: the 2nd \nflags\t: x\nmodel name\t: Other\n"
        #expect(MachineFacts.cpu(in: text) == "AMD EPYC: the 2nd")
        #expect(MachineFacts.cpu(in: "processor\t: 0\n") == nil)
    }

    @Test(
        "has the file system of the nearest mount point above a path, and of two at one place the later",
        arguments: [
            ("/tmp/x", "tmpfs"), ("/tmp", "tmpfs"), ("/tmpx", "ext4"), ("/", "ext4"), ("/data/db", "xfs"),
            ("/data/db/1", "btrfs"),
        ])
    func fileSystem(path: String, kind: String) {
        let mounts = """
            /dev/vda / ext4 rw 0 0
            tmp /tmp tmpfs rw 0 0
            a /data/db ext3 rw 0 0
            b /data/db xfs rw 0 0
            c /data/db/1 btrfs rw 0 0
            broken
            """
        #expect(MachineFacts.fileSystem(of: path, in: mounts) == kind)
        #expect(MachineFacts.fileSystem(of: path, in: "") == nil)
    }

    @Test("says something of itself")
    func here() {
        let facts = MachineFacts.read(scratch: "/tmp", postgres: nil)
        #expect(facts.cores > 0)
        #expect(facts.memoryBytes > 1 << 20)
        #expect(facts.build == "debug")
        #expect(facts.kernel.hasPrefix("Linux "))
    }
}
