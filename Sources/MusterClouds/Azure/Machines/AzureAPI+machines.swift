import MusterCore
import MusterHTTP

extension AzureAPI {
    /// Asks for a machine, and with it all its parts, to be removed. One that is gone is no error.
    func delete(machine name: String, in location: String) async throws(CloudError) {
        let query = configuration.forceDeletion ? "&forceDeletion=true" : ""
        try await delete(
            AzureRequest(
                kind: .change, method: .delete, url: paths.machine(name, query: query), location: location))
    }

    /// Sends a deletion.
    func delete(_ request: AzureRequest) async throws(CloudError) {
        let response: HTTPResponse
        do throws(Problem) {
            response = try await answer(request)
        } catch {
            throw AzureErrorTable.error(error)
        }
        switch response.status {
        case 200..<300, 404: return
        default:
            let error = error(response)
            // It is being deleted already.
            if response.status == 409, AzureErrorTable.exists.contains(error.cloudCode.lowercased()) {
                return
            }
            throw error
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
