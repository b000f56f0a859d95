import Glibc
import MusterRuntime
import MusterTesting
import Testing

@Suite("Telling the service manager")
struct ServiceManagerTests {
    /// A socket that listens at a path, or at an abstract name that begins with `@`.
    private func listener(_ path: String) throws -> OwnedDescriptor {
        let listener = OwnedDescriptor(socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let bound = withUnsafeBytes(of: &address) {
            bind(listener.number, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
        }
        guard bound == 0 else { throw SystemError(errno, "listen at \(path)") }
        return listener
    }

    @Test("sends one notice to the socket that it names, also to an abstract one")
    func notices() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path + "/notify", "@muster-test-\(folder.path)"] {
            let listener = try listener(path)
            #expect(ServiceManager.tell(.ready, ["NOTIFY_SOCKET": path]))
            var buffer = [UInt8](repeating: 0, count: 100)
            let count = recv(listener.number, &buffer, buffer.count, 0)
            #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "READY=1")
        }
    }

    @Test(
        "says nothing where nobody wants to know or listens",
        arguments: [nil, "", "relative", "/none/notify", "/" + String(repeating: "x", count: 200)])
    func nobody(path: String?) {
        #expect(!ServiceManager.tell(.ready, path.map { ["NOTIFY_SOCKET": $0] } ?? [:]))
    }
}
