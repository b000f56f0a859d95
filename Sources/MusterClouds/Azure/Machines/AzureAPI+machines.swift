import MusterCore
import MusterHTTP

extension AzureAPI {
    /// Asks for a machine, and with it all its parts, to be removed. One that is gone is no error.
    func delete(machine name: String, in location: String, within round: AzureRound) async throws(CloudError)
    {
        let query = configuration.forceDeletion ? "&forceDeletion=true" : ""
        var request = AzureRequest(
            kind: .change, method: .delete, url: paths.machine(name, query: query), location: location)
        request.deadline = try round.time()
        _ = try await delete(request)
    }

    /// Sends a deletion.
    ///
    /// - Returns: whether there was something to remove.
    func delete(_ request: AzureRequest) async throws(CloudError) -> Bool {
        let response: HTTPResponse
        do throws(Problem) {
            response = try await answer(request)
        } catch {
            throw AzureErrorTable.error(error)
        }
        switch response.status {
        case 204, 404: return false
        case 200..<300: return true
        default: throw error(response)
        }
    }

    /// A machine by its name; nil when there is none.
    func machine(_ name: String) async throws(CloudError) -> ListedMachine? {
        let request = AzureRequest(kind: .get, method: .get, url: paths.machine(name))
        let response: HTTPResponse
        do throws(Problem) {
            response = try await answer(request)
        } catch {
            throw AzureErrorTable.error(error)
        }
        switch response.status {
        case 200: return try read(ListedMachine.self, response)
        case 404: return nil
        default: throw error(response)
        }
    }
}
