import MusterRuntime

@testable import MusterCommand

/// Who answers an operator's command: a running service, or the command itself on the database.
enum Answering: String, CaseIterable {
    case service, database

    /// A fleet in that state.
    func fleet() async throws -> MusterFleet {
        let fleet = try await MusterFleet()
        switch self {
        case .service: try await fleet.start()
        case .database:
            // As a service leaves it that has ended.
            try Folder.make(fleet.setup.state)
            try await fleet.store { _ in }
        }
        return fleet
    }
}
