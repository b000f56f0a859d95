import MusterCore
import MusterHTTP
import MusterRuntime

/// The account that the credentials are of: asked once for a key, by one for all who want to know.
actor AccountLook {
    private let service: SecurityTokenService
    private let credentials: ExpiringValue<AWSCredentials>
    private var known: (key: String, account: String)?
    private var asking: (key: String, task: Task<Result<String, CloudError>, Never>)?

    init(_ service: SecurityTokenService, _ credentials: ExpiringValue<AWSCredentials>) {
        self.service = service
        self.credentials = credentials
    }

    /// The account of the credentials as they are now.
    func account() async throws(CloudError) -> String {
        let found: AWSCredentials
        do throws(Problem) {
            found = try await credentials.current()
        } catch {
            throw Self.error(error, "not-authenticated")
        }
        let key = found.accessKeyID
        if let known, known.key == key { return known.account }
        let task: Task<Result<String, CloudError>, Never>
        if let asking, asking.key == key {
            task = asking.task
        } else {
            task = Task { [service] in await Self.ask(service, found) }
            asking = (key, task)
        }
        let result = await task.value
        if asking?.key == key { asking = nil }
        let account = try result.get()
        known = (key, account)
        return account
    }

    private static func ask(
        _ service: SecurityTokenService, _ credentials: AWSCredentials
    ) async -> Result<String, CloudError> {
        do throws(Problem) {
            return try await service.callerIdentity(of: credentials).identity.map(\.account)
        } catch {
            return .failure(Self.error(error, error.code.rawValue))
        }
    }

    private static func error(_ problem: Problem, _ code: String) -> CloudError {
        let code = problem.isOfTheNetwork ? problem.code.rawValue : code
        return AWSErrorTable.error(code, problem.message, .init())
    }
}
