import Glibc
import MusterRuntime
import MusterTesting
import Testing

@Suite("The lock of a file")
struct FileLockTests {
    @Test("One holder at a time has it, until it lets go")
    func exclusive() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/lock"
        let first = try #require(try FileLock.take(path))
        let second = try FileLock.take(path)
        #expect(second == nil)
        first.release()
        let next = try FileLock.take(path)
        #expect(next != nil)
    }

    @Test("It goes with its holder, also when a process that is just being started shares the file")
    func shared() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/lock"
        var lock = try FileLock.take(path)
        let copy = OwnedDescriptor(dup(try #require(lock).descriptor.number))
        let second = try FileLock.take(path)
        #expect(second == nil)
        lock = nil
        let next = try FileLock.take(path)
        #expect(next != nil)
        withExtendedLifetime(copy) {}
    }

    @Test("A file that cannot be made is told of by its path")
    func unreachable() {
        let error = #expect(throws: SystemError.self) { try FileLock.take("/nonexistent/lock") }
        #expect(error?.description == "cannot open /nonexistent/lock: No such file or directory (ENOENT)")
    }
}
