import FoundationEssentials
import Glibc
import MusterCore
import MusterRuntime

/// Answers calls about the configuration where there is no database yet: with one that is gone afterwards, so that
/// asking leaves nothing behind.
struct BorrowedCaller: ServiceCaller {
    let isServed = false
    private let folder: String
    private let caller: DirectCaller

    init(_ setup: Setup) async throws {
        var template = Array("\(FileManager.default.temporaryDirectory.path)/muster.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Problem(.fileFailed, "no temporary folder can be made: \(String(cString: strerror(errno)))")
        }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        self.folder = folder
        var configuration = setup.configuration
        configuration.providers = configuration.providers.map { provider in
            guard case .local(var local) = provider.kind else { return provider }
            var provider = provider
            local.folder = local.folder ?? configuration.instances
            provider.kind = .local(local)
            return provider
        }
        configuration.state = folder
        do {
            caller = DirectCaller(
                try await ServiceParts.open(
                    configuration, purpose: .command, program: try .own(), environment: setup.environment,
                    log: .silent, waiting: .zero))
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    func call(
        _ method: String, _ path: String, body: [UInt8]?, timeout: Duration
    ) async throws -> (status: Int, body: [UInt8]) {
        try await caller.call(method, path, body: body, timeout: timeout)
    }

    func close() async {
        await caller.close()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
