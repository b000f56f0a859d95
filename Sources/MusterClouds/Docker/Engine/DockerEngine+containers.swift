import MusterCore
import MusterHTTP

extension DockerEngine {
    /// Looks into a container, by its name or the engine's id; nil when there is none.
    func inspect(_ name: String) async throws(CloudError) -> InspectedContainer? {
        let response = try await send(.get, "/containers/\(QueryText.escaped(name))/json")
        switch response.status {
        case 200: return try response.docker(InspectedContainer.self)
        case 404: return nil
        default: throw CloudError(docker: response, to: "look at the container \(name)")
        }
    }

    /// Removes a container, by the engine's id, whatever it does, with the volumes that are its alone.
    func remove(_ id: String) async throws(CloudError) {
        try await remove(id, [("force", "1")])
    }

    /// Removes a container that was made and not started. One that somebody has started meanwhile is left alone:
    /// the engine removes nothing that runs unless it is told to.
    func removeUnstarted(_ id: String) async throws(CloudError) {
        try await remove(id, [])
    }

    private func remove(_ id: String, _ options: [(name: String, value: String)]) async throws(CloudError) {
        let response = try await send(
            .delete, "/containers/\(QueryText.escaped(id))", options + [("v", "1")])
        // 409: it runs, or somebody removes it already.
        guard [204, 404, 409].contains(response.status) else {
            throw CloudError(docker: response, to: "remove the container \(id)")
        }
    }
}
