import MusterCore
import MusterHTTP

/// Runs `body` with a client of its own, and ends the client whatever happens.
func withClient<Result>(
    _ configuration: HTTPClientConfiguration = .init(), _ body: (HTTPClient) async throws -> Result
) async throws -> Result {
    let client = try HTTPClient(configuration: configuration)
    do {
        let result = try await body(client)
        await client.shutDown()
        return result
    } catch {
        await client.shutDown()
        throw error
    }
}

/// The problem that a call ends with, or `nil` when it is answered.
func problem(_ client: HTTPClient, _ request: HTTPRequest) async -> Problem? {
    do throws(Problem) {
        _ = try await client.send(request)
        return nil
    } catch {
        return error
    }
}
